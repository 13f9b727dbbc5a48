import { type Libc, must, type OwnedFd, openSocket, SystemError } from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import { RtnetlinkDecoder } from '../wire/netlink.ts';
import type { LinkBackend, Received } from './backend.ts';

/** The parts of a dump are made as large as the reader's buffer, up to 32 KiB (netlink_dump()): fewer calls. */
const BUFFER_BYTES = 32 * 1024;

/** No message about a link comes near it: a length beyond is not believed. */
const LARGEST_BUFFER_BYTES = 1024 * 1024;

const SUBJECT = 'rtnetlink socket';

const NOTHING: Received = Object.freeze({ type: 'nothing' });
const OVERRUN: Received = Object.freeze({ type: 'overrun' });
const TRUNCATED: Received = Object.freeze({ type: 'truncated' });
const FOREIGN: Received = Object.freeze({ type: 'foreign' });

/** How to open an {@link openRtnetlink} socket. */
export interface RtnetlinkOptions {
  readonly libc: Libc;
  /** How many bytes of messages the kernel keeps for us. */
  readonly receiveBufferBytes: number;
  /** How large a message is expected to be: larger ones are lost once, and make the buffer grow. Default 32 KiB. */
  readonly bufferBytes?: number;
  /** Default: Linux. */
  readonly abi?: NetlinkAbi;
}

/**
 * Opens a socket that listens to links. It listens before anything is asked: what changes from now on is in its
 * queue.
 *
 * @throws {SystemError} where there are no netlink sockets, or not for us
 */
export function openRtnetlink(options: RtnetlinkOptions): LinkBackend {
  const { libc, receiveBufferBytes, bufferBytes = BUFFER_BYTES, abi = linux } = options;
  const { socket } = abi;
  const owned = openSocket(
    libc,
    socket.AF_NETLINK,
    socket.SOCK_RAW | socket.SOCK_NONBLOCK,
    socket.NETLINK_ROUTE,
    SUBJECT,
  );
  try {
    setReceiveBuffer(libc, owned.fd, abi, receiveBufferBytes);
    // Error texts; kernels before 4.12 do without.
    libc.setsockopt(owned.fd, socket.SOL_NETLINK, socket.NETLINK_EXT_ACK, int32(1, abi));
    must(libc, libc.bind(owned.fd, netlinkAddress(abi, socket.RTMGRP_LINK)), 'bind', SUBJECT);
  } catch (error) {
    owned.close();
    throw error;
  }
  return new RtnetlinkBackend(libc, owned, abi, bufferBytes);
}

class RtnetlinkBackend implements LinkBackend {
  readonly name = 'rtnetlink';
  readonly decoder: RtnetlinkDecoder;
  readonly #libc: Libc;
  readonly #socket: OwnedFd;
  readonly #abi: NetlinkAbi;
  readonly #kernel: Uint8Array;
  readonly #sender: Uint8Array;
  readonly #senderView: DataView;
  #received: { type: 'bytes'; bytes: Uint8Array; length: number };
  #sequence = 0;

  constructor(libc: Libc, socket: OwnedFd, abi: NetlinkAbi, bufferBytes: number) {
    this.#libc = libc;
    this.#socket = socket;
    this.#abi = abi;
    this.decoder = new RtnetlinkDecoder(abi);
    this.#kernel = netlinkAddress(abi, 0);
    this.#sender = netlinkAddress(abi, 0);
    this.#senderView = new DataView(this.#sender.buffer);
    this.#received = { type: 'bytes', bytes: new Uint8Array(bufferBytes), length: 0 };
  }

  receive(): Received {
    const { errnoOf } = this.#libc.target;
    const received = this.#received;
    for (;;) {
      const result = this.#libc.recvfrom(
        this.#socket.fd,
        received.bytes,
        this.#abi.socket.MSG_TRUNC,
        this.#sender,
      );
      if (result >= 0) {
        return this.#datagram(result);
      }
      if (result === -errnoOf.EAGAIN) {
        return NOTHING;
      }
      // ENOMEM: the kernel had no memory to go on with the list; what is lost is the same.
      if (result === -errnoOf.ENOBUFS || result === -this.#abi.errno.ENOMEM) {
        return OVERRUN;
      }
      if (result !== -errnoOf.EINTR) {
        throw new SystemError(this.#libc.target, -result, 'recvfrom', SUBJECT);
      }
    }
  }

  #datagram(length: number): Received {
    // struct sockaddr_nl, linux/netlink.h: nl_pid at 4; the kernel's is 0. Anybody may send to our port.
    if (this.#senderView.getUint32(4, this.#abi.littleEndian) !== 0) {
      return FOREIGN;
    }
    const received = this.#received;
    if (length > received.bytes.byteLength) {
      let size = received.bytes.byteLength;
      while (size < length && size < LARGEST_BUFFER_BYTES) {
        size *= 2;
      }
      received.bytes = new Uint8Array(size);
      return TRUNCATED;
    }
    received.length = length;
    return received;
  }

  requestSnapshot(): number {
    this.#sequence = (this.#sequence + 1) >>> 0;
    this.decoder.expect(this.#sequence);
    return this.#libc.sendto(this.#socket.fd, dumpRequest(this.#abi, this.#sequence), 0, this.#kernel);
  }

  onReadable(callback: () => void): Disposable {
    return this.#libc.readable(this.#socket.fd, callback);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** SO_RCVBUFFORCE goes beyond net.core.rmem_max, with CAP_NET_ADMIN; without, as much as everybody may have. */
function setReceiveBuffer(libc: Libc, fd: number, abi: NetlinkAbi, bytes: number): void {
  const { SOL_SOCKET, SO_RCVBUFFORCE, SO_RCVBUF } = abi.socket;
  const value = int32(bytes, abi);
  if (libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value) < 0) {
    must(libc, libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value), 'setsockopt SO_RCVBUF', SUBJECT);
  }
}

function int32(value: number, abi: NetlinkAbi): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, abi.littleEndian);
  return bytes;
}

/** struct sockaddr_nl, linux/netlink.h: nl_family 0, nl_pid 4, nl_groups 8. */
function netlinkAddress(abi: NetlinkAbi, groups: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, abi.socket.AF_NETLINK, abi.littleEndian);
  view.setUint32(8, groups, abi.littleEndian);
  return bytes;
}

/** RTM_GETLINK for all links, without statistics: they are half of each message. */
function dumpRequest(abi: NetlinkAbi, sequence: number): Uint8Array {
  const { nlmsg, rtm, ifla, nlattr, littleEndian } = abi;
  const ifinfomsg = nlmsg.NLMSG_HDRLEN;
  const attribute = ifinfomsg + 16;
  const bytes = new Uint8Array(attribute + nlattr.NLA_HDRLEN + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.byteLength, littleEndian);
  view.setUint16(4, rtm.RTM_GETLINK, littleEndian);
  view.setUint16(6, nlmsg.NLM_F_REQUEST | nlmsg.NLM_F_DUMP, littleEndian);
  view.setUint32(8, sequence, littleEndian);
  view.setUint8(ifinfomsg, abi.socket.AF_UNSPEC);
  view.setUint16(attribute, nlattr.NLA_HDRLEN + 4, littleEndian);
  view.setUint16(attribute + 2, ifla.IFLA_EXT_MASK, littleEndian);
  view.setUint32(attribute + nlattr.NLA_HDRLEN, ifla.RTEXT_FILTER_SKIP_STATS, littleEndian);
  return bytes;
}
