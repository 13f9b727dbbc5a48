import type { Observation } from '../agent/messages.ts';

/** What is read of ifi_flags: linux/if.h. */
export const flagBits = { up: 0x1, carrier: 0x10000 } as const;

/** Whether an interface is set up (IFF_UP), or has a carrier (IFF_LOWER_UP). */
export type LinkFlag = keyof typeof flagBits;

/** What the kernel has reported of links, to everybody. */
export interface Links {
  /** A flag of an interface, by the last message about it; null where there is none. */
  is(name: string, flag: LinkFlag): boolean | null;
  /** When a flag took its last value, in milliseconds of the guest's monotonic clock. */
  when(name: string, flag: LinkFlag): number;
  /** How often a flag changed since a place in the observations. */
  flips(name: string, flag: LinkFlag, since: number): number;
}

/** Reads the observations of the agent. */
export function linksOf(observations: readonly Observation[]): Links {
  /** A flag by each message about an interface; null where the interface is gone. */
  const history = (name: string, flag: LinkFlag, until = observations.length): readonly (boolean | null)[] =>
    observations
      .slice(0, until)
      .flatMap((one) =>
        one.see === 'link' && one.name === name ? [one.gone ? null : (one.flags & flagBits[flag]) !== 0] : [],
      );
  const changes = (states: readonly (boolean | null)[]): number =>
    states.filter((state, at) => at > 0 && state !== null && states[at - 1] === !state).length;
  function when(name: string, flag: LinkFlag): number {
    const now = history(name, flag).at(-1);
    const messages = observations.flatMap((one) => (one.see === 'link' && one.name === name ? [one] : []));
    const before = messages.findLastIndex(({ flags }) => ((flags & flagBits[flag]) !== 0) !== now);
    return messages[before + 1]?.at ?? Number.NaN;
  }
  return {
    when,
    is: (name, flag) => history(name, flag).at(-1) ?? null,
    flips: (name, flag, since) => changes(history(name, flag)) - changes(history(name, flag, since)),
  };
}
