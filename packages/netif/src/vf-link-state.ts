import { SystemError } from '@ifdepd/libc';
import { attributeOf, attributesIn, decodeStruct, linux, NetlinkClient } from '@ifdepd/netlink';
import type { Control } from './control.ts';
import { encoder, linkPayload, nameAttribute } from './link-messages.ts';
import type { SetVfLinkState, VfLinkState } from './netif.ts';

/** The part of {@link NetIf} for virtual functions. */
export interface VfControl {
  vfLinkState(name: string, vf: number): VfLinkState | null;
  setVfLinkState(name: string, vf: number, to: VfLinkState): SetVfLinkState;
  /** Closes the socket, if one was opened. */
  close(): void;
}

const { ifla, littleEndian, rtm, rtext, vfLinkStates } = linux;
const { ifinfomsg, ifla_vf_link_state: layout } = linux.struct;
const SETLINK = 'RTM_SETLINK IFLA_VF_LINK_STATE';

/** Reads and sets the link state of virtual functions through rtnetlink(7). Without it, a read returns null and a write fails with ENOSYS. */
export function vfControl({ libc, abi: { noSuchInterface } }: Control): VfControl {
  const { target } = libc;
  let opened: NetlinkClient | undefined;

  function client(): NetlinkClient {
    opened ??= new NetlinkClient({ libc });
    return opened;
  }

  /** @throws {SystemError} kind `not-found`, as from the kernel */
  function absent(request: string, subject: string): never {
    throw new SystemError(target, target.errnoOf[noSuchInterface], request, subject);
  }

  function payloadFor(name: string, request: string, attribute: Uint8Array): Uint8Array {
    return linkPayload([nameAttribute(name) ?? absent(request, name), attribute]);
  }

  function read(name: string, vf: number): VfLinkState {
    const mask = rtext.RTEXT_FILTER_VF | rtext.RTEXT_FILTER_SKIP_STATS;
    const payload = payloadFor(name, 'RTM_GETLINK', encoder.attribute(ifla.IFLA_EXT_MASK, mask));
    const link = client().get({ type: rtm.RTM_GETLINK, name: 'RTM_GETLINK', subject: name, payload });
    return readVfLinkState(link, vf) ?? absent('RTM_GETLINK', `${name}/${vf}`);
  }

  return {
    vfLinkState: (name, vf) => (target.rtnetlink ? read(name, vf) : null),
    setVfLinkState(name, vf, to) {
      const subject = `${name}/${vf}`;
      if (!target.rtnetlink) {
        throw new SystemError(target, target.errnoOf.ENOSYS, SETLINK, subject);
      }
      const before = read(name, vf);
      if (before === to) {
        return { changed: false, before };
      }
      const payload = payloadFor(name, SETLINK, vfLinkStateAttribute(vf, to));
      client().set({ type: rtm.RTM_SETLINK, name: SETLINK, subject, payload });
      return { changed: true, before };
    },
    close: () => opened?.close(),
  };
}

/** The attribute of a request that sets the link state of one virtual function and nothing else. */
export function vfLinkStateAttribute(vf: number, to: VfLinkState): Uint8Array {
  const value = encoder.struct(layout, { vf, link_state: vfLinkStates.indexOf(to) });
  const state = encoder.attribute(ifla.IFLA_VF_LINK_STATE, value);
  return encoder.nested(ifla.IFLA_VFINFO_LIST, encoder.nested(ifla.IFLA_VF_INFO, state));
}

/** The link state of a virtual function in an RTM_NEWLINK; null where the message has none. Reads nothing beyond the end. */
export function readVfLinkState(payload: Uint8Array, vf: number): VfLinkState | null {
  const list = attributeOf(payload, ifla.IFLA_VFINFO_LIST, littleEndian, ifinfomsg.size) ?? new Uint8Array();
  for (const { type, value } of attributesIn(list, littleEndian)) {
    const state =
      type === ifla.IFLA_VF_INFO ? attributeOf(value, ifla.IFLA_VF_LINK_STATE, littleEndian) : null;
    if (state !== null && state.byteLength >= layout.size) {
      const found = decodeStruct(layout, state, littleEndian);
      if (found.vf === vf) {
        return vfLinkStates[found.link_state] ?? null;
      }
    }
  }
  return null;
}
