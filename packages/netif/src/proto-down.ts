import { type InterfaceName, SystemError } from '@ifdepd/libc';
import { linux, NetlinkClient } from '@ifdepd/netlink';
import type { Control } from './control.ts';
import {
  encoder,
  linkPayload,
  nameAttribute,
  readLinkName,
  readProtoDown,
  reasonBit,
  switchTo,
} from './link-messages.ts';
import type { ProtoDown, SetProtoDown } from './netif.ts';

/** The part of {@link NetIf} for protodown. */
export interface ProtoDownControl {
  protoDown(name: string): ProtoDown | null;
  setProtoDown(name: string, to: 'on' | 'off', reason: number): SetProtoDown;
  keepsProtoDownReasons(name: string): boolean;
  knowsProtoDown(name: string): boolean | null;
  /** {@link NetIf.resolve} through rtnetlink(7); null on a system without it. */
  resolve(name: string): InterfaceName | null;
  /** Closes the socket, if one was opened. */
  close(): void;
}

const { ifla, rtm, rtext } = linux;
const SETLINK = 'RTM_SETLINK IFLA_PROTO_DOWN';

/** Reads and sets protodown through rtnetlink(7). On a system without it, a read returns null and a write fails with ENOSYS. */
export function protoDownControl({ libc, abi: { noSuchInterface } }: Control): ProtoDownControl {
  const { target } = libc;
  let opened: NetlinkClient | undefined;

  function client(): NetlinkClient {
    opened ??= new NetlinkClient({ libc });
    return opened;
  }

  /** @throws {SystemError} kind `not-found`, as from the kernel, when no interface can have this name */
  function payloadFor(name: string, request: string, attributes: readonly Uint8Array[]): Uint8Array {
    const named = nameAttribute(name);
    if (named === null) {
      throw new SystemError(target, target.errnoOf[noSuchInterface], request, name);
    }
    return linkPayload([named, ...attributes]);
  }

  /** @returns the payload of the RTM_NEWLINK, without statistics */
  function look(name: string): Uint8Array {
    const few = encoder.attribute(ifla.IFLA_EXT_MASK, rtext.RTEXT_FILTER_SKIP_STATS);
    const payload = payloadFor(name, 'RTM_GETLINK', [few]);
    return client().get({ type: rtm.RTM_GETLINK, name: 'RTM_GETLINK', subject: name, payload });
  }

  function read(name: string): ProtoDown {
    return readProtoDown(look(name));
  }

  function resolve(name: string): InterfaceName | null {
    try {
      return readLinkName(look(name));
    } catch (error) {
      // EINVAL: a kernel before 5.5, which has no alternative names.
      if (error instanceof SystemError && (error.kind === 'not-found' || error.code === 'EINVAL')) {
        return null;
      }
      throw error;
    }
  }

  function write(name: string, attributes: readonly Uint8Array[]): void {
    const payload = payloadFor(name, SETLINK, attributes);
    client().set({ type: rtm.RTM_SETLINK, name: SETLINK, subject: name, payload });
  }

  function setOn(name: string, bit: number): SetProtoDown {
    const before = read(name);
    if (before.on && !before.carrier && (before.reasons & bit) !== 0) {
      return { changed: false, before, after: before };
    }
    write(name, [reasonBit(bit, true), switchTo(true)]);
    return { changed: true, before, after: read(name) };
  }

  function setOff(name: string, bit: number): SetProtoDown {
    const before = read(name);
    const ours = (before.reasons & bit) !== 0;
    const others = (before.reasons & ~bit) !== 0;
    if (!ours && (others || !before.on)) {
      return { changed: false, before, after: before };
    }
    try {
      // When other reasons remain, the kernel clears the bit, refuses the rest with EBUSY, and sends no message about the bit.
      const both = [reasonBit(bit, false), switchTo(false)];
      write(name, others ? both.slice(0, 1) : both);
    } catch (error) {
      // Another program has added its reason since the read.
      if (!(error instanceof SystemError && error.code === 'EBUSY')) {
        throw error;
      }
    }
    return { changed: true, before, after: read(name) };
  }

  /**
   * The errno with which the kernel refuses reasons without a value, a request that changes nothing: EINVAL when the driver
   * supports protodown, EOPNOTSUPP when it does not. Null when the kernel knows no reasons and ignores them.
   */
  function refusal(name: string): 'EINVAL' | 'EOPNOTSUPP' | null {
    try {
      write(name, [encoder.nested(ifla.IFLA_PROTO_DOWN_REASON)]);
      return null;
    } catch (error) {
      if (error instanceof SystemError && (error.code === 'EINVAL' || error.code === 'EOPNOTSUPP')) {
        return error.code;
      }
      throw error;
    }
  }

  return {
    protoDown: (name) => (target.rtnetlink ? read(name) : null),
    setProtoDown(name, to, reason) {
      if (!target.rtnetlink) {
        throw new SystemError(target, target.errnoOf.ENOSYS, 'protodown', name);
      }
      const bit = (1 << reason) >>> 0;
      return to === 'on' ? setOn(name, bit) : setOff(name, bit);
    },
    keepsProtoDownReasons: (name) => target.rtnetlink && refusal(name) !== null,
    knowsProtoDown(name) {
      try {
        const code = target.rtnetlink ? refusal(name) : null;
        return code === null ? null : code === 'EINVAL';
      } catch (error) {
        if (error instanceof SystemError) {
          return null;
        }
        throw error;
      }
    },
    resolve: (name) => (target.rtnetlink ? resolve(name) : null),
    close: () => opened?.close(),
  };
}
