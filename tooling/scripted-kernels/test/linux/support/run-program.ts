import type { Libc } from '@ifdepd/libc';
import { linux, NetlinkClient, openNetlinkSocket } from '@ifdepd/netlink';
import { type LinkOperation, openOperator } from '../../../src/index.ts';
import { described, readAll } from './described.ts';

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
  /** Every link by RTM_GETLINK. */
  list(): string[];
}

/** Opens a run in the namespace of this thread, or of a scripted kernel. */
export function openRun(libc: Libc): Run {
  const socket = openNetlinkSocket({
    libc,
    groups: [linux.rtnlgrp.RTNLGRP_LINK],
    receiveBufferBytes: 4 * 1024 * 1024,
  });
  const operator = openOperator(libc);
  const client = new NetlinkClient({ libc });
  return {
    apply: (operation) => operator.apply(operation),
    messages: () => readAll(socket),
    list() {
      const lines: string[] = [];
      const payload = client.encoder.struct(linux.struct.ifinfomsg, {});
      client.dump(
        { type: linux.rtm.RTM_GETLINK, name: 'RTM_GETLINK', payload },
        (found) => lines.push(described(linux.rtm.RTM_NEWLINK, found) ?? ''),
        () => lines.splice(0),
      );
      return lines;
    },
    [Symbol.dispose]() {
      socket.close();
      client.close();
      operator[Symbol.dispose]();
    },
  };
}
