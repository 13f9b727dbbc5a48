import { type Libc, SystemError } from '@ifdepd/libc';
import type { LinkDecoder } from '../wire/link-decoder.ts';
import type { Received } from './backend.ts';

/** The queue is empty. */
export const NOTHING: Received = Object.freeze({ type: 'nothing' });

/** The system has dropped messages. */
export const OVERRUN: Received = Object.freeze({ type: 'overrun' });

/** Signals are rarer than this: a read that is interrupted so often has failed. */
const MOST_INTERRUPTED = 100;

/** Memory for messages, and the decoder for them. */
export interface MessageBuffer {
  readonly type: 'bytes';
  readonly bytes: Uint8Array;
  length: number;
  readonly decoder?: LinkDecoder;
}

/**
 * Reads one message. Never waits.
 *
 * @throws {SystemError} when the descriptor cannot be read
 */
export function receiveMessage(libc: Libc, fd: number, into: MessageBuffer, subject: string): Received {
  const { errnoOf } = libc.target;
  let interrupted = 0;
  for (;;) {
    const result = libc.recvfrom(fd, into.bytes, 0, null);
    if (result >= 0) {
      into.length = result;
      return into;
    }
    if (result === -errnoOf.EAGAIN) {
      return NOTHING;
    }
    if (result === -errnoOf.ENOBUFS) {
      return OVERRUN;
    }
    interrupted += 1;
    if (result !== -errnoOf.EINTR || interrupted > MOST_INTERRUPTED) {
      throw new SystemError(libc.target, -result, 'recvfrom', subject);
    }
  }
}
