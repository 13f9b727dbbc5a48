import { type InterfaceName, must, type OwnedFd, openSocket, SystemError } from '@ifdepd/libc';
import type { ProtoDownAbi } from './abi/proto-down-abi.ts';
import type { Control } from './control.ts';
import type { ProtoDown, SetProtoDown } from './netif.ts';
import { attribute, linkMessage, nameAttribute, readLinkName, readProtoDown } from './proto-down-messages.ts';

/** The protodown of a system: the part of {@link NetIf} that is about it. */
export interface ProtoDownControl {
  protoDown(name: string): ProtoDown | null;
  setProtoDown(name: string, to: 'on' | 'off', reason: number): SetProtoDown;
  keepsProtoDownReasons(name: string): boolean;
  knowsProtoDown(name: string): boolean | null;
  /** As {@link NetIf.resolve}, where there is rtnetlink(7); null elsewhere. */
  resolve(name: string): InterfaceName | null;
  /** Closes its socket, where it was used. */
  close(): void;
}

/** More than the description of one interface without its statistics takes: a page or two, however many its names. */
const ANSWER_SIZE = 32_768;

/** The way that the system's table has; null and −ENOSYS where it has none. */
export function protoDownControl({
  libc,
  abi: { protoDown: abi, noSuchInterface, ifreq },
}: Control): ProtoDownControl {
  const answer = new Uint8Array(ANSWER_SIZE);
  let socket: OwnedFd | undefined;
  let sequence = 0;

  /** @returns the answer, which the kernel has ready when sendto(2) returns: its whole message */
  function ask(
    numbers: ProtoDownAbi,
    name: string,
    request: { readonly type: number; readonly flags: number; readonly name: string },
    attributes: readonly Uint8Array[],
  ): Uint8Array {
    const named = nameAttribute(numbers, ifreq, name);
    if (named === null) {
      throw new SystemError(libc.target, libc.target.errnoOf[noSuchInterface], request.name, name);
    }
    const { SOCK_RAW, MSG_DONTWAIT } = libc.target.socket;
    socket ??= openSocket(libc, numbers.AF_NETLINK, SOCK_RAW, numbers.NETLINK_ROUTE, 'rtnetlink socket');
    sequence = (sequence + 1) % 2 ** 32;
    must(
      libc,
      libc.sendto(socket.fd, linkMessage(numbers, { ...request, sequence }, [named, ...attributes]), 0, null),
      request.name,
      name,
    );
    for (;;) {
      const size = must(
        libc,
        libc.recvfrom(socket.fd, answer, MSG_DONTWAIT | numbers.MSG_TRUNC, null),
        request.name,
        name,
      );
      const message = Buffer.from(answer.buffer, 0, Math.min(size, answer.byteLength));
      // What answers an earlier question that failed half way is nobody's any more.
      if (size >= numbers.NLMSG_HDRLEN + 4 && message.readUInt32LE(8) === sequence) {
        refuse(numbers, message, request.name, name);
        return message;
      }
    }
  }

  /** An NLMSG_ERROR with an errno: `struct nlmsgerr` begins with it, negated; 0 acknowledges. */
  function refuse(
    { NLMSG_HDRLEN, NLMSG_ERROR }: ProtoDownAbi,
    message: Buffer,
    request: string,
    name: string,
  ): void {
    const result = message.readUInt16LE(4) === NLMSG_ERROR ? message.readInt32LE(NLMSG_HDRLEN) : 0;
    if (result < 0) {
      throw new SystemError(libc.target, -result, request, name);
    }
  }

  function look(numbers: ProtoDownAbi, name: string): Uint8Array {
    const request = { type: numbers.RTM_GETLINK, flags: numbers.NLM_F_REQUEST, name: 'RTM_GETLINK' };
    const few = attribute(numbers, numbers.IFLA_EXT_MASK, numbers.RTEXT_FILTER_SKIP_STATS);
    return ask(numbers, name, request, [few]);
  }

  function read(numbers: ProtoDownAbi, name: string): ProtoDown {
    return readProtoDown(numbers, look(numbers, name));
  }

  function resolve(numbers: ProtoDownAbi, name: string): InterfaceName | null {
    try {
      return readLinkName(numbers, look(numbers, name));
    } catch (error) {
      // EINVAL: a kernel before 5.5, which knows no alternative names.
      if (error instanceof SystemError && (error.kind === 'not-found' || error.code === 'EINVAL')) {
        return null;
      }
      throw error;
    }
  }

  function write(numbers: ProtoDownAbi, name: string, attributes: readonly Uint8Array[]): void {
    const flags = numbers.NLM_F_REQUEST | numbers.NLM_F_ACK;
    ask(numbers, name, { type: numbers.RTM_SETLINK, flags, name: 'RTM_SETLINK IFLA_PROTO_DOWN' }, attributes);
  }

  /** Changes the one bit of the reasons: those of others stay. */
  function reasonBit(numbers: ProtoDownAbi, bit: number, set: boolean): Uint8Array {
    const mask = attribute(numbers, numbers.IFLA_PROTO_DOWN_REASON_MASK, bit);
    const value = attribute(numbers, numbers.IFLA_PROTO_DOWN_REASON_VALUE, set ? bit : 0);
    const type = numbers.IFLA_PROTO_DOWN_REASON | numbers.NLA_F_NESTED;
    return attribute(numbers, type, Buffer.concat([mask, value]));
  }

  function switchOf(numbers: ProtoDownAbi, on: boolean): Uint8Array {
    return attribute(numbers, numbers.IFLA_PROTO_DOWN, Uint8Array.of(on ? 1 : 0));
  }

  function setOn(numbers: ProtoDownAbi, name: string, bit: number): SetProtoDown {
    const before = read(numbers, name);
    if (before.on && !before.carrier && (before.reasons & bit) !== 0) {
      return { changed: false, before, after: before };
    }
    write(numbers, name, [reasonBit(numbers, bit, true), switchOf(numbers, true)]);
    return { changed: true, before, after: read(numbers, name) };
  }

  function setOff(numbers: ProtoDownAbi, name: string, bit: number): SetProtoDown {
    const before = read(numbers, name);
    const ours = (before.reasons & bit) !== 0;
    const others = (before.reasons & ~bit) !== 0;
    if (!ours && (others || !before.on)) {
      return { changed: false, before, after: before };
    }
    try {
      // Where others remain, the kernel takes the bit, refuses the rest with EBUSY, and tells nobody of the bit.
      const both = [reasonBit(numbers, bit, false), switchOf(numbers, false)];
      write(numbers, name, others ? both.slice(0, 1) : both);
    } catch (error) {
      // Somebody has found a reason of their own since it was read.
      if (!(error instanceof SystemError && error.code === 'EBUSY')) {
        throw error;
      }
    }
    return { changed: true, before, after: read(numbers, name) };
  }

  /**
   * How it refuses reasons without a value, which changes nothing: EINVAL where the driver knows protodown, EOPNOTSUPP
   * where it does not. Null where the kernel knows no reasons, and passes over them.
   */
  function refusal(numbers: ProtoDownAbi, name: string): 'EINVAL' | 'EOPNOTSUPP' | null {
    try {
      const type = numbers.IFLA_PROTO_DOWN_REASON | numbers.NLA_F_NESTED;
      write(numbers, name, [attribute(numbers, type, new Uint8Array())]);
      return null;
    } catch (error) {
      if (error instanceof SystemError && (error.code === 'EINVAL' || error.code === 'EOPNOTSUPP')) {
        return error.code;
      }
      throw error;
    }
  }

  return {
    protoDown: (name) => (abi === null ? null : read(abi, name)),
    setProtoDown(name, to, reason) {
      if (abi === null) {
        throw new SystemError(libc.target, libc.target.errnoOf.ENOSYS, 'protodown', name);
      }
      const bit = (1 << reason) >>> 0;
      return to === 'on' ? setOn(abi, name, bit) : setOff(abi, name, bit);
    },
    keepsProtoDownReasons(name) {
      const code = abi === null ? null : refusal(abi, name);
      return code === 'EINVAL' || code === 'EOPNOTSUPP';
    },
    knowsProtoDown(name) {
      try {
        const code = abi === null ? null : refusal(abi, name);
        return code === null ? null : code === 'EINVAL';
      } catch (error) {
        if (error instanceof SystemError) {
          return null;
        }
        throw error;
      }
    },
    resolve: (name) => (abi === null ? null : resolve(abi, name)),
    close: () => socket?.close(),
  };
}
