import assert from 'node:assert';
import { darwin } from '../../src/abi/darwin.ts';
import { KernelEventDecoder } from '../../src/wire/kernel-events.ts';
import { LinkNotes } from '../../src/wire/link-notes.ts';
import { kernelEvent } from '../support/kernel-event-bytes.ts';
import { firstMessage, foundIn, inLargerBuffer, u32At } from './found.ts';

const { events } = darwin.carrier;
const codes = [
  events.KEV_DL_LINK_ON,
  events.KEV_DL_LINK_OFF,
  events.KEV_DL_IF_ATTACHED,
  events.KEV_DL_IF_DETACHED,
];

/** Each event that matters, about interfaces that are known and that are not, and two in one read. */
export const seeds: readonly Uint8Array[] = [
  ...codes.flatMap((code) => [kernelEvent({ code }), kernelEvent({ code, unit: 7 })]),
  Uint8Array.of(...kernelEvent({ code: events.KEV_DL_LINK_OFF }, 4), ...kernelEvent({ code: 99, unit: 1 })),
];

/** The bytes of a kernel-event socket of macOS. */
export function fuzz(bytes: Uint8Array): void {
  const whole = outcome(bytes);
  assert.deepStrictEqual(outcome(inLargerBuffer(bytes), bytes.byteLength), whole);
  const { total_size, event_data } = events.kern_event_msg;
  const pieces = firstMessage(bytes, u32At(bytes, total_size), event_data);
  if (pieces !== null) {
    const { decoder, notes } = start();
    const found = foundIn(decoder, pieces[0], pieces[0].byteLength);
    // A malformed event ends the read.
    const more = found.some((one) => typeof one === 'string')
      ? []
      : foundIn(decoder, pieces[1], pieces[1].byteLength);
    assert.deepStrictEqual([[...found, ...more], notes], whole);
  }
}

/** A decoder that knows two interfaces. */
function start(): { readonly decoder: KernelEventDecoder; readonly notes: LinkNotes } {
  const notes = new LinkNotes();
  notes.names.set(1, 'en0');
  notes.names.set(2, 'en1');
  return { decoder: new KernelEventDecoder({ ...darwin, events }, notes), notes };
}

function outcome(bytes: Uint8Array, length: number = bytes.byteLength): readonly unknown[] {
  const { decoder, notes } = start();
  return [foundIn(decoder, bytes, length), notes];
}
