import { type Libc, must, openSocket, SystemError } from '@ifdepd/libc';
import { aligned, type Bytes, u16, u32 } from './attributes.ts';
import { RTNETLINK } from './numbers.ts';

/** What is asked for. */
export interface DumpRequest {
  /** RTM_GETLINK and its like. */
  readonly type: number;
  /** How it is named in an error. */
  readonly name: string;
  /** The message after its `struct nlmsghdr`. */
  readonly payload: Bytes;
  /** Default: everything of the kind. With false: the one that the payload names. */
  readonly all?: boolean;
}

/** Nothing that the kernel puts into one datagram of a list is larger: it makes them as large as the reader's buffer. */
const BUFFER_BYTES = 256 * 1024;

/** How often a list is asked for again that changed while it was read. The last one is taken as it is. */
const MOST_ATTEMPTS = 4;

/** Asks the kernel of the main thread's network namespace for lists, one after another, each whole. */
export interface Rtnetlink extends Disposable {
  /**
   * The messages of a list, each without its `struct nlmsghdr`.
   *
   * @param take is called with each; the bytes are overwritten later
   * @param restart is called where the list begins anew, as it changed while it was read
   * @throws {SystemError} as the kernel refuses it
   */
  list(request: DumpRequest, take: (payload: Bytes) => void, restart: () => void): void;
}

/** @throws {SystemError} where there are no netlink sockets, or not for us */
export function openRtnetlink(libc: Libc): Rtnetlink {
  const { SOCK_RAW } = libc.target.socket;
  const socket = openSocket(
    libc,
    RTNETLINK.AF_NETLINK,
    SOCK_RAW,
    RTNETLINK.NETLINK_ROUTE,
    'rtnetlink socket',
  );
  const buffer = new Uint8Array(BUFFER_BYTES);
  let sequence = 0;

  /** @returns whether it changed while it was read */
  function once(request: DumpRequest, take: (payload: Bytes) => void): boolean {
    sequence += 1;
    must(libc, libc.sendto(socket.fd, requestBytes(request, sequence), 0, null), request.name, 'sendto');
    let changed = false;
    for (;;) {
      const { MSG_DONTWAIT, MSG_TRUNC } = libc.target.socket;
      const result = libc.recvfrom(socket.fd, buffer, MSG_DONTWAIT | MSG_TRUNC, null);
      if (result === -libc.target.errnoOf.EINTR) {
        continue;
      }
      const size = Math.min(must(libc, result, request.name, 'recvfrom'), buffer.byteLength);
      const end = read(buffer.subarray(0, size), sequence, take);
      changed ||= end.changed;
      if (end.errno !== 0) {
        throw new SystemError(libc.target, end.errno, request.name, 'rtnetlink');
      }
      if (end.done || request.all === false) {
        return changed;
      }
    }
  }

  return {
    list(request, take, restart) {
      for (let attempt = 1; once(request, take) && attempt < MOST_ATTEMPTS; attempt += 1) {
        restart();
      }
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

/** `struct nlmsghdr` and the payload. */
function requestBytes({ type, payload, all = true }: DumpRequest, sequence: number): Bytes {
  const bytes = Buffer.alloc(RTNETLINK.NLMSG_HDRLEN + payload.byteLength);
  bytes.writeUInt32LE(bytes.byteLength, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(RTNETLINK.NLM_F_REQUEST | (all ? RTNETLINK.NLM_F_DUMP : 0), 6);
  bytes.writeUInt32LE(sequence, 8);
  bytes.set(payload, RTNETLINK.NLMSG_HDRLEN);
  return bytes;
}

/** What a datagram says of the list besides its entries. */
interface DatagramEnd {
  readonly done: boolean;
  readonly changed: boolean;
  readonly errno: number;
}

/** Hands on the entries of one datagram that answer the request with this number. */
export function read(bytes: Bytes, sequence: number, take: (payload: Bytes) => void): DatagramEnd {
  const { NLMSG_HDRLEN, NLMSG_ERROR, NLMSG_DONE, NLM_F_DUMP_INTR } = RTNETLINK;
  let changed = false;
  for (let at = 0; at + NLMSG_HDRLEN <= bytes.byteLength; ) {
    const length = u32(bytes, at);
    if (length < NLMSG_HDRLEN || at + length > bytes.byteLength) {
      break;
    }
    const payload = bytes.subarray(at + NLMSG_HDRLEN, at + length);
    if (u32(bytes, at + 8) === sequence) {
      const type = u16(bytes, at + 4);
      changed ||= (u16(bytes, at + 6) & NLM_F_DUMP_INTR) !== 0;
      if (type === NLMSG_ERROR || type === NLMSG_DONE) {
        // Both begin with a negated errno (netlink_dump_done() in net/netlink/af_netlink.c).
        return { done: true, changed, errno: -u32(payload, 0) | 0 };
      }
      take(payload);
    }
    at += aligned(length);
  }
  return { done: false, changed, errno: 0 };
}
