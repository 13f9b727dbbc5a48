import { targetOf } from '@ifdepd/libc';
import { type ScriptedLibc, scriptedLibc } from '@ifdepd/libc/testing';
import type { BpfInstruction } from '@ifdepd/netlink';
import { linux } from '@ifdepd/netlink';
import { runFilter } from '@ifdepd/netlink/testing';
import { answersTo } from '../../src/interest.ts';
import type { LinkRecord } from '../../src/link.ts';
import {
  delLink,
  done,
  type LinkFacts,
  linkRecord,
  type MessageHeader,
  newLink,
  refusal,
} from '../../src/testing/index.ts';

/** The part of rtnetlink that one socket needs, with its filter. Links change at any system call. */
export interface SmallKernel {
  readonly libc: ScriptedLibc;
  readonly links: ReadonlyMap<number, LinkRecord>;
  /** The number of notifications that the filter has dropped. */
  readonly dropped: number;
  set(facts: LinkFacts): void;
  remove(index: number): void;
}

const { socket, nlmsg, errno } = linux;
const { SOL_SOCKET } = targetOf('linux').socket;
const EAGAIN = 11;
const IFNAME = 3;
const FD = 100;

/** @param between called before and after each system call of the socket, to make a change at that moment */
export function smallKernel(between: () => void): SmallKernel {
  const given = new Map<number, LinkFacts>();
  const links = new Map<number, LinkRecord>();
  const queue: Uint8Array[] = [];
  let filter: readonly BpfInstruction[] | null = null;
  let dropped = 0;

  function queueUp(message: Uint8Array): void {
    if (filter === null || runFilter(filter, message) > 0) {
      queue.push(message);
    } else {
      dropped += 1;
    }
  }

  function answer(request: Uint8Array): void {
    const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
    const sequence = view.getUint32(8, true);
    const header: MessageHeader = { sequence };
    if ((view.getUint16(6, true) & nlmsg.NLM_F_DUMP) !== 0) {
      for (const link of links.values()) {
        queueUp(newLink(link, { ...header, multi: true }));
      }
      queueUp(done({ ...header, multi: true }));
      return;
    }
    const index = view.getInt32(20, true);
    const link =
      index > 0 ? links.get(index) : [...links.values()].find((one) => answersTo(one, nameIn(request)));
    queueUp(link === undefined ? refusal(header, errno.ENODEV) : newLink(link, header));
  }

  const libc = scriptedLibc(
    {
      bind: () => 0,
      setsockopt(_fd, level, option, value) {
        if (level === SOL_SOCKET && option === socket.SO_ATTACH_FILTER) {
          between();
          filter = programAt(libc, value);
          between();
        } else if (level === SOL_SOCKET && option === socket.SO_DETACH_FILTER) {
          between();
          filter = null;
          between();
        }
        return 0;
      },
      sendto(_fd, bytes) {
        between();
        answer(bytes);
        between();
        return bytes.byteLength;
      },
      recvfrom(_fd, into) {
        between();
        const message = queue.shift();
        into.set(message ?? []);
        return message?.byteLength ?? -EAGAIN;
      },
    },
    { keepCalls: false },
  );

  return {
    libc,
    links,
    get dropped() {
      return dropped;
    },
    set(facts) {
      const all = { ...given.get(facts.index), ...facts };
      const link = linkRecord(all);
      given.set(link.index, all);
      links.set(link.index, link);
      queueUp(newLink(link));
    },
    remove(index) {
      const link = links.get(index);
      if (link !== undefined) {
        links.delete(index);
        given.delete(index);
        queueUp(delLink(link));
      }
    },
  };
}

/** Reads everything that waits. */
export function wakeUp({ libc }: SmallKernel): void {
  libc.wake(FD);
}

function nameIn(request: Uint8Array): string {
  // Behind the two headers and IFLA_EXT_MASK.
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const [length, type] = [view.getUint16(40, true), view.getUint16(42, true)];
  return type === IFNAME ? new TextDecoder().decode(request.subarray(44, 40 + length - 1)) : '';
}

function programAt(libc: ScriptedLibc, fprog: Uint8Array): readonly BpfInstruction[] {
  const head = new DataView(fprog.buffer, fprog.byteOffset, fprog.byteLength);
  const bytes = libc.at(head.getBigUint64(8, true));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: head.getUint16(0, true) }, (_, at) => ({
    code: view.getUint16(8 * at, true),
    jt: view.getUint8(8 * at + 2),
    jf: view.getUint8(8 * at + 3),
    k: view.getUint32(8 * at + 4, true),
  }));
}
