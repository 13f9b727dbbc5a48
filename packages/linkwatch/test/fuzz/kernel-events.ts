import assert from 'node:assert';
import { darwin } from '../../src/abi/darwin.ts';
import { KernelEventDecoder } from '../../src/wire/kernel-events.ts';
import { LinkNotes } from '../../src/wire/link-notes.ts';
import { kernelEvent } from '../support/kernel-event-bytes.ts';
import { foundIn, inLargerBuffer } from './found.ts';

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

/** What a kernel-event socket of macOS gives. */
export function fuzz(bytes: Uint8Array): void {
  assert.deepStrictEqual(outcome(inLargerBuffer(bytes), bytes.byteLength), outcome(bytes, bytes.byteLength));
}

function outcome(bytes: Uint8Array, length: number): readonly unknown[] {
  const notes = new LinkNotes();
  notes.names.set(1, 'en0');
  notes.names.set(2, 'en1');
  const decoder = new KernelEventDecoder({ ...darwin, events }, notes);
  return [foundIn(decoder, bytes, length), notes];
}
