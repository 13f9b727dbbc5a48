import { DecodeError } from '@ifdepd/netlink';
import type { KernelEventAbi } from '../abi/carrier-abi.ts';
import { Cursor } from './cursor.ts';
import type { LinkDecoder, LinkSink } from './link-decoder.ts';
import type { LinkNotes } from './link-notes.ts';
import { textAt } from './text-at.ts';

/** The properties that kernel events share with messages of a routing socket. */
export interface KernelEventFormat {
  readonly events: KernelEventAbi;
  readonly littleEndian: boolean;
  readonly IFNAMSIZ: number;
}

/**
 * Decodes events of the data-link class: a carrier came or went, an interface was attached or detached. The events have names of
 * interfaces; the lists give the indices. Skips other events.
 */
export class KernelEventDecoder implements LinkDecoder {
  readonly #format: KernelEventFormat;
  readonly #notes: LinkNotes;
  #cursor: Cursor;

  constructor(format: KernelEventFormat, notes: LinkNotes) {
    this.#format = format;
    this.#notes = notes;
    this.#cursor = new Cursor(new Uint8Array(), format.littleEndian);
  }

  decode(bytes: Uint8Array, length: number, sink: LinkSink): void {
    const { total_size, event_data } = this.#format.events.kern_event_msg;
    if (this.#cursor.bytes !== bytes) {
      this.#cursor = new Cursor(bytes, this.#format.littleEndian);
    }
    const cursor = this.#cursor;
    for (let at = 0; at < length; ) {
      const left = length - at;
      cursor.limit(length);
      try {
        const size = cursor.u32(at + total_size);
        if (size < event_data || size > left) {
          throw new DecodeError(`an event of ${size} bytes with ${left} left`, at);
        }
        cursor.limit(at + size);
        sink.message();
        this.#event(cursor, at, sink);
        at += size;
      } catch (error) {
        if (!(error instanceof DecodeError)) {
          throw error;
        }
        sink.bad(error);
        return;
      }
    }
  }

  #event(cursor: Cursor, at: number, sink: LinkSink): void {
    const { events } = this.#format;
    const { kern_event_msg } = events;
    if (
      cursor.u32(at + kern_event_msg.vendor_code) !== events.KEV_VENDOR_APPLE ||
      cursor.u32(at + kern_event_msg.kev_class) !== events.KEV_NETWORK_CLASS ||
      cursor.u32(at + kern_event_msg.kev_subclass) !== events.KEV_DL_SUBCLASS
    ) {
      return;
    }
    switch (cursor.u32(at + kern_event_msg.event_code)) {
      case events.KEV_DL_LINK_ON:
        this.#carrier(cursor, at, sink, true);
        break;
      case events.KEV_DL_LINK_OFF:
        this.#carrier(cursor, at, sink, false);
        break;
      case events.KEV_DL_IF_ATTACHED:
        this.#notes.hint = true;
        break;
      case events.KEV_DL_IF_DETACHED:
        this.#detached(cursor, at, sink);
        break;
      default:
    }
  }

  #carrier(cursor: Cursor, at: number, sink: LinkSink, carrier: boolean): void {
    const index = this.#notes.indexOf(this.#name(cursor, at));
    if (index === undefined) {
      this.#notes.hint = true;
      return;
    }
    this.#notes.carriers.set(index, carrier);
    sink.carrier(index, carrier);
  }

  /** The name may exist again: a list that was read since may have another interface with it. */
  #detached(cursor: Cursor, at: number, sink: LinkSink): void {
    const index = this.#notes.indexOf(this.#name(cursor, at));
    this.#notes.hint = true;
    if (index !== undefined) {
      this.#notes.forget(index);
      sink.gone(index);
    }
  }

  /** The name of an interface: `en` and 0 make `en0`. */
  #name(cursor: Cursor, at: number): string {
    const { events, IFNAMSIZ } = this.#format;
    const { kern_event_msg, net_event_data } = events;
    const data = at + kern_event_msg.event_data;
    const name = textAt(cursor, data + net_event_data.if_name, IFNAMSIZ);
    return `${name}${cursor.u32(data + net_event_data.if_unit)}`;
  }
}
