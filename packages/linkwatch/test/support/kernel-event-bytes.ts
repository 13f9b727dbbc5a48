import { darwin } from '../../src/abi/darwin.ts';

const { events } = darwin.carrier;

/** The fields of an event. Default: those of an event about a link. */
export interface EventFacts {
  readonly code: number;
  /** `en0`, as `en` and 0. */
  readonly name?: string;
  readonly unit?: number;
  readonly vendor?: number;
  readonly class?: number;
  readonly subclass?: number;
}

/** An event as the kernel-event socket gives it: 48 bytes, and as many more as an event of its own may add. */
export function kernelEvent(facts: EventFacts, more = 0): Uint8Array {
  const { kern_event_msg: at, net_event_data: data } = events;
  const bytes = new Uint8Array(48 + more);
  const view = new DataView(bytes.buffer);
  view.setUint32(at.total_size, bytes.byteLength, true);
  view.setUint32(at.vendor_code, facts.vendor ?? events.KEV_VENDOR_APPLE, true);
  view.setUint32(at.kev_class, facts.class ?? events.KEV_NETWORK_CLASS, true);
  view.setUint32(at.kev_subclass, facts.subclass ?? events.KEV_DL_SUBCLASS, true);
  view.setUint32(at.event_code, facts.code, true);
  view.setUint32(at.event_data + data.if_unit, facts.unit ?? 0, true);
  bytes.set(new TextEncoder().encode(facts.name ?? 'en'), at.event_data + data.if_name);
  return bytes;
}
