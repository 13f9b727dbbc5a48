import type { DestinationReport, GroupReport } from '../../control/status-report.ts';

/** The whole status in one line, for a person and for a monitoring plugin. */
export interface Verdict {
  /** `2 of 3 groups down, 3 destinations held down, 1 is not as wanted` */
  readonly text: string;
  /** 0: everything is up, 1: something is held down, 2: a destination is not as wanted. */
  readonly exitCode: 0 | 1 | 2;
}

/** Phases in which a group wants its destinations up, and in which it wants nothing. In any other, it holds them down. */
const UP: readonly string[] = ['up', 'going-down'];
const IDLE: readonly string[] = ['starting', 'paused'];

/**
 * @param withNames whether the line names the groups and destinations that it counts. Default: false
 */
export function verdictOf(
  groups: readonly Pick<GroupReport, 'name' | 'phase'>[],
  destinations: readonly Pick<DestinationReport, 'id' | 'heldBy' | 'differs'>[],
  withNames = false,
): Verdict {
  const named = (names: readonly string[]) => (withNames ? ` (${names.join(', ')})` : '');
  const idle = groups.filter(({ phase }) => IDLE.includes(phase));
  const down = groups.filter((one) => !UP.includes(one.phase) && !idle.includes(one));
  const held = destinations.filter(({ heldBy }) => heldBy.length > 0);
  const wrong = destinations.filter(({ differs }) => differs !== undefined && differs.reason !== 'setting');
  const count = groups.length;
  const words = `${count} ${count === 1 ? 'group' : 'groups'}`;
  const [up, all] = [count - idle.length, count === 1 ? '' : 'all '];
  const parts = [
    down.length > 0
      ? `${down.length} of ${words} down${named(down.map(({ name }) => name))}`
      : up === count
        ? `${all}${words} up`
        : `${up} of ${words} up`,
    ...IDLE.flatMap((phase) => {
      const those = idle.filter((one) => one.phase === phase).map(({ name }) => name);
      return those.length === 0 ? [] : [`${those.length} ${phase}${named(those)}`];
    }),
    ...(held.length === 0 ? [] : [heldWords(held.length) + named(held.map(({ id }) => id))]),
    ...(wrong.length === 0 ? [] : [wrongWords(wrong.length) + named(wrong.map(({ id }) => id))]),
  ];
  return { text: parts.join(', '), exitCode: wrong.length > 0 ? 2 : held.length > 0 ? 1 : 0 };
}

function heldWords(count: number): string {
  return `${count} ${count === 1 ? 'destination' : 'destinations'} held down`;
}

function wrongWords(count: number): string {
  return `${count} ${count === 1 ? 'is' : 'are'} not as wanted`;
}
