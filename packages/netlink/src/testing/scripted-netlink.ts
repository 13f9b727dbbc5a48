import { targetOf } from '@ifdepd/libc';
import { type ScriptedLibc, scriptedLibc } from '@ifdepd/libc/testing';
import { linux } from '../abi/linux.ts';
import { MessageWalk, type NetlinkMessage } from '../wire/message-walk.ts';

/** A libc whose netlink sockets are answered by a function. */
export interface ScriptedNetlink extends ScriptedLibc {
  /** What the next receives bring, before anything else: datagrams, or positive errnos. */
  deliver(...datagrams: readonly (Uint8Array | number)[]): void;
}

/**
 * A kernel made of values, for errors and orders that a real one cannot be asked for. All its sockets have one queue. A
 * datagram that is longer than the buffer is cut, as MSG_TRUNC has it.
 *
 * @param answer the datagrams that answer a request, or positive errnos, which a receive fails with
 */
export function scriptedNetlink(
  answer: (request: NetlinkMessage) => readonly (Uint8Array | number)[],
): ScriptedNetlink {
  const target = targetOf('linux');
  const queue: (Uint8Array | number)[] = [];
  const libc = scriptedLibc(
    {
      bind: () => 0,
      setsockopt: () => 0,
      sendto(_fd, bytes) {
        const request = new MessageWalk(linux.littleEndian);
        request.enter(Uint8Array.from(bytes), bytes.byteLength);
        if (request.next()) {
          queue.push(...answer(request));
        }
        return bytes.byteLength;
      },
      recvfrom(_fd, into) {
        const next = queue.shift() ?? target.errnoOf.EAGAIN;
        if (typeof next === 'number') {
          return -next;
        }
        into.set(next.subarray(0, into.byteLength));
        return next.byteLength;
      },
    },
    { target },
  );
  return { ...libc, deliver: (...datagrams) => void queue.push(...datagrams) };
}
