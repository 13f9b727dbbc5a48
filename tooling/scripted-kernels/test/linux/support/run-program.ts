import type { Libc } from '@ifdepd/libc';
import { linux, NetlinkClient, openNetlinkSocket } from '@ifdepd/netlink';
import { type LinkOperation, openOperator } from '../../../src/index.ts';
import { described, readAll, withoutRepeats } from './described.ts';

const { rtm, rtnlgrp, socket: socketNumbers, struct } = linux;

/** What an operation caused: its refusal, and the messages about it. */
export interface Outcome {
  readonly refusal: string | null;
  readonly messages: readonly string[];
}

/** A namespace in which operations are made and their messages read. */
export interface Run extends Disposable {
  apply(operation: LinkOperation): string | null;
  /** The messages since the last call. */
  messages(): string[];
  /** Every link, address and route. */
  list(): string[];
}

/** Opens a run in the namespace of this thread, or of a scripted kernel. */
export function openRun(libc: Libc): Run {
  const socket = openNetlinkSocket({
    libc,
    groups: [rtnlgrp.RTNLGRP_LINK, rtnlgrp.RTNLGRP_IPV4_IFADDR, rtnlgrp.RTNLGRP_IPV4_ROUTE],
    receiveBufferBytes: 4 * 1024 * 1024,
  });
  const operator = openOperator(libc);
  const fresh = withoutRepeats();
  const client = new NetlinkClient({ libc });
  return {
    apply: (operation) => operator.apply(operation),
    messages: () => fresh(readAll(socket)),
    list() {
      const { encoder } = client;
      const list = (type: number, answer: number, payload: Uint8Array) => {
        const lines: string[] = [];
        client.dump(
          { type, name: 'list', payload },
          (found) => lines.push(described(answer, found) ?? ''),
          () => lines.splice(0),
        );
        return lines;
      };
      const inet = { ifa_family: socketNumbers.AF_INET };
      return [
        ...list(rtm.RTM_GETLINK, rtm.RTM_NEWLINK, encoder.struct(struct.ifinfomsg, {})),
        ...list(rtm.RTM_GETADDR, rtm.RTM_NEWADDR, encoder.struct(struct.ifaddrmsg, inet)).sort(),
        // The kernel sorts routes by their nets.
        ...list(
          rtm.RTM_GETROUTE,
          rtm.RTM_NEWROUTE,
          encoder.struct(struct.rtmsg, { rtm_family: socketNumbers.AF_INET }),
        ).sort(),
      ];
    },
    [Symbol.dispose]() {
      socket.close();
      client.close();
      operator[Symbol.dispose]();
    },
  };
}
