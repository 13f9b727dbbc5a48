import { list } from '@ifdepd/libc';
import type { LinkBackend, Received } from '../backends/backend.ts';
import type { LinkRecord } from '../link.ts';
import { RtnetlinkDecoder } from '../wire/netlink.ts';
import { type LinkFacts, linkRecord } from './link-record.ts';
import { datagram, delLink, done, newLink } from './messages.ts';

/** A scripted system for `watchLinks({ backend })`. */
export interface ScriptedBackend extends LinkBackend {
  /** The links of the system. */
  readonly links: ReadonlyMap<number, LinkRecord>;
  /** The number of requests for a list. */
  readonly requests: number;
  /** Whether the watch has closed it. */
  readonly disposed: boolean;
  /** Creates or changes a link, and reports it at once. Facts that are not given stay. */
  set(facts: LinkFacts): LinkRecord;
  /** Deletes a link, and reports it at once. */
  remove(index: number): void;
  /** Makes changes whose messages are lost, and reports an overrun. */
  lose(change: () => void): void;
  /** Makes changes whose messages arrive together. */
  batch(changes: () => void): void;
  /** Delivers any messages, such as those of {@link bytes}. */
  deliver(...received: readonly Received[]): void;
  /** Sets the answer to requests for a list: the list, nothing, or a refusal (positive errno). */
  answer(how: 'list' | 'silence' | number): void;
}

/** An rtnetlink in memory: real bytes through the real decoder, and no system call. */
export function scriptedBackend(facts: readonly LinkFacts[] = []): ScriptedBackend {
  list('scriptedBackend: facts', facts);
  const decoder = new RtnetlinkDecoder();
  const given = new Map(facts.map((one) => [one.index, one]));
  const links = new Map(facts.map((one) => [one.index, linkRecord(one)]));
  const queue: Received[] = [];
  let watcher: (() => void) | undefined;
  let answer: 'list' | 'silence' | number = 'list';
  let muted = false;
  let held = false;
  let requests = 0;
  let disposed = false;

  function deliver(...received: readonly Received[]): void {
    queue.push(...received);
    if (!held) {
      watcher?.();
    }
  }

  function notify(message: Uint8Array): void {
    if (!muted) {
      deliver(bytes(message));
    }
  }

  return {
    name: 'rtnetlink',
    decoder,
    links,
    get requests() {
      return requests;
    },
    get disposed() {
      return disposed;
    },
    set(more) {
      const all = { ...given.get(more.index), ...more };
      const link = linkRecord(all);
      given.set(link.index, all);
      links.set(link.index, link);
      notify(newLink(link));
      return link;
    },
    remove(index) {
      const link = links.get(index);
      if (link !== undefined) {
        links.delete(index);
        given.delete(index);
        notify(delLink(link));
      }
    },
    lose(change) {
      muted = true;
      try {
        change();
      } finally {
        muted = false;
      }
      deliver({ type: 'overrun' });
    },
    batch(changes) {
      held = true;
      try {
        changes();
      } finally {
        held = false;
      }
      watcher?.();
    },
    deliver,
    answer(how) {
      answer = how;
    },
    receive() {
      if (disposed) {
        throw new Error('this backend has been disposed');
      }
      return queue.shift() ?? { type: 'nothing' };
    },
    requestSnapshot() {
      requests++;
      if (typeof answer === 'number') {
        return -answer;
      }
      const header = { sequence: requests, multi: true };
      decoder.expect(requests);
      if (answer === 'list') {
        for (const link of links.values()) {
          queue.push(bytes(newLink(link, header)));
        }
        queue.push(bytes(done(header)));
      }
      return 0;
    },
    onReadable(callback) {
      watcher = callback;
      return {
        [Symbol.dispose]() {
          watcher = undefined;
        },
      };
    },
    [Symbol.dispose]() {
      disposed = true;
    },
  };
}

/** A datagram as the result of a receive. */
export function bytes(...messages: readonly Uint8Array[]): Received {
  const all = datagram(...messages);
  return { type: 'bytes', bytes: all, length: all.byteLength };
}
