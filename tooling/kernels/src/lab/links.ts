import type { Observation } from '../agent/messages.ts';

/** linux/if.h */
const IFF_UP = 1;
const IFF_LOWER_UP = 0x10000;

/** What the kernel has reported of links, to everybody. */
export interface Links {
  /** Whether an interface is set up, by the last message about it; null where there is none. */
  up(name: string): boolean | null;
  /** Whether it has a carrier, by the last message about it; null where there is none. */
  carrier(name: string): boolean | null;
  /** How often an interface was set the other way since a place in the observations. */
  flips(name: string, since: number): number;
}

/** Reads the observations of the agent. */
export function linksOf(observations: readonly Observation[]): Links {
  /** One flag of an interface by each message about it; null where the interface is gone. */
  const history = (name: string, flag: number, until = observations.length): readonly (boolean | null)[] =>
    observations
      .slice(0, until)
      .flatMap((one) =>
        one.see === 'link' && one.name === name ? [one.gone ? null : (one.flags & flag) !== 0] : [],
      );
  const changes = (states: readonly (boolean | null)[]): number =>
    states.filter((state, at) => at > 0 && state !== null && states[at - 1] === !state).length;
  return {
    up: (name) => history(name, IFF_UP).at(-1) ?? null,
    carrier: (name) => history(name, IFF_LOWER_UP).at(-1) ?? null,
    flips: (name, since) => changes(history(name, IFF_UP)) - changes(history(name, IFF_UP, since)),
  };
}
