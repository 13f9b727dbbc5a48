import type { LinkEvent, LinkWatch } from '@ifdepd/linkwatch';
import { someOf } from '../config/nearest.ts';
import { patternWords } from '../config/patterns.ts';
import type { Settings } from '../config/settings.ts';
import { candidatesOf } from '../identity/candidates.ts';
import { type Candidate, leftOutWords, type MembersOf } from '../identity/pattern-members.ts';
import { type Log, notice } from '../log/index.ts';
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

/** Reports the sources that came and went with the interfaces. */
export function reportMembers(log: Log, settings: Settings, next: MembersOf, before: MembersOf): void {
  for (const [id, { interfaces, leftOut }] of next) {
    const was = before.get(id);
    const [names, old] = [namesOf(interfaces), namesOf(was?.interfaces ?? [])];
    const groups = groupsWith(settings, id);
    const report = (some: readonly string[], verb: readonly [string, string], then: string): void => {
      if (some.length > 0) {
        const [verbed, source] = some.length === 1 ? [verb[0], 'a source'] : [verb[1], 'sources'];
        const message = `${someOf(some)} ${verbed} ${patternWords(id)}: ${then} ${source} of ${someOf(groups)}`;
        notice(log, 'notice', message, { pattern: id, sources: some, groups });
      }
    };
    report(without(names, old), ['matches', 'match'], 'now');
    report(without(old, names), ['no longer matches', 'no longer match'], 'no longer');
    const known = new Set((was?.leftOut ?? []).map(textOfLeftOut));
    const others = leftOut.filter((one) => !known.has(textOfLeftOut(one)));
    if (others.length > 0) {
      const message = `${patternWords(id)} matches more, which are no sources: ${leftOutWords(others)}`;
      notice(log, 'warning', message, { pattern: id, groups });
    }
  }
}

function textOfLeftOut({ name, why }: { readonly name: string; readonly why: string }): string {
  return `${name} (${why})`;
}

function namesOf(members: readonly Candidate[]): readonly string[] {
  return members.map(({ name }) => name);
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return names.filter((name) => !known.has(name));
}

/** The groups that name a pattern. */
function groupsWith({ patterns }: Settings, id: string): readonly string[] {
  const text = JSON.stringify(id);
  return Object.entries(patterns?.rules.groups ?? {}).flatMap(([name, { require }]) =>
    JSON.stringify(require).includes(text) ? [name] : [],
  );
}
