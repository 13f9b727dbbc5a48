import { type NetlinkSession, payloadOf, type SessionSink } from '../../src/index.ts';

/** What a session has found, in order. */
export type Found = readonly [is: string, ...values: readonly unknown[]];

/** A sink that remembers; payloads in hexadecimal. */
export function recorder(): { readonly found: Found[]; readonly sink: SessionSink } {
  const found: Found[] = [];
  const sink: SessionSink = {
    seen: () => undefined,
    message: (message, listed) =>
      found.push([
        listed ? 'listed' : 'message',
        message.type,
        Buffer.from(payloadOf(message)).toString('hex'),
      ]),
    dumpEnd: (interrupted) => found.push(['end', interrupted]),
    dumpRefused: (errno) => found.push(['refused', errno]),
    dumpBusy: () => found.push(['busy']),
    answer: (tag, errno) => found.push(['answer', tag, errno]),
    lost: () => found.push(['lost']),
    bad: (error) => found.push(['bad', error.message]),
  };
  return { found, sink };
}

/** What a session finds in some datagrams. */
export function decodeAll(session: NetlinkSession, ...datagrams: readonly Uint8Array[]): Found[] {
  const { found, sink } = recorder();
  for (const bytes of datagrams) {
    session.decode(bytes, bytes.byteLength, sink);
  }
  return found;
}
