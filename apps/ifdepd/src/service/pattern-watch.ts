import type { LinkEvent, LinkWatch } from '@ifdepd/linkwatch';
import type { Settings } from '../config/settings.ts';
import { candidatesOf } from '../identity/candidates.ts';
import type { Candidate, MembersOf } from '../identity/pattern-members.ts';
import { firstList } from '../system/first-list.ts';
import type { Kernel } from '../system/kernel.ts';
import { type Loop, realLoop, type Timer } from '../system/loop.ts';

/** Milliseconds from the first event of a burst to its look: a new interface is often renamed at once. */
const SETTLE_MS = 100;

/** Looks take at most one part in this many of the time. */
const SHARE = 10;

/**
 * Follows all interfaces of the system while settings have patterns. The daemon itself hears of those only that its rules name.
 *
 * @param look called when patterns may match others than before: once for a burst
 */
export function patternWatch(
  { watchLinks, netif }: Pick<Kernel, 'watchLinks' | 'netif'>,
  look: () => void,
  loop: Loop = realLoop,
) {
  let watch: LinkWatch | undefined;
  let timer: Timer | undefined;
  let lastMs = 0;

  function begin(waitForList: boolean): LinkWatch {
    watch = watchLinks(undefined, waitForList).unref();
    watch.subscribe((event) => {
      if (mayMatchOthers(event)) {
        lookSoon();
      }
    });
    return watch;
  }

  function lookSoon(): void {
    timer ??= loop
      .setTimer(
        () => {
          timer = undefined;
          const began = loop.now();
          look();
          lastMs = loop.now() - began;
        },
        Math.max(SETTLE_MS, lastMs * SHARE),
      )
      .unref();
  }

  function end(): void {
    watch?.close();
    watch = undefined;
    loop.clearTimer(timer);
    timer = undefined;
  }

  return {
    /** Lists the interfaces for settings with patterns, while the event loop goes on. */
    async listed({ patterns }: Settings): Promise<void> {
      if (patterns !== undefined && watch === undefined) {
        await firstList(begin(false), loop);
      }
    },
    /** The interfaces now; none for settings without patterns. */
    candidates: ({ patterns }: Settings): readonly Candidate[] =>
      patterns === undefined ? [] : candidatesOf((watch ?? begin(true)).links.values(), netif),
    /** Ends with the last pattern; looks again where other settings are in force from now on. */
    adopt({ patterns }: Settings): void {
      if (patterns === undefined) {
        end();
      } else {
        lookSoon();
      }
    },
    [Symbol.dispose]: end,
  };
}

function mayMatchOthers(event: LinkEvent): boolean {
  switch (event.type) {
    case 'snapshot':
      return event.cause !== 'start';
    case 'changed':
      // A hardware address is set while the interface is down.
      return (
        event.link.adminUp !== event.was.adminUp ||
        event.link.altNames.join(' ') !== event.was.altNames.join(' ')
      );
    default:
      return event.type !== 'touched';
  }
}

/** Whether patterns match the same interfaces under the same names. */
export function sameMembers(one: MembersOf, other: MembersOf): boolean {
  return textOf(one) === textOf(other);
}

function textOf(members: MembersOf): string {
  return JSON.stringify(
    [...members].map(([id, { interfaces, leftOut }]) => [
      id,
      interfaces.map(({ index, name }) => [index, name]),
      leftOut,
    ]),
  );
}
