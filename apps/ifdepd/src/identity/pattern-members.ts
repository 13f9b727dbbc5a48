import { fits } from '../config/fits.ts';
import { someOf } from '../config/nearest.ts';
import { MOST_MATCHED, type Pattern } from '../config/patterns.ts';
import type { Settings } from '../config/settings.ts';
import type { InterfaceOf } from './interfaces-now.ts';

/** An interface of this host, as patterns look at it. */
export interface Candidate {
  readonly index: number;
  readonly name: string;
  readonly altNames: readonly string[];
  readonly loopback: boolean;
  /** Asked where a pattern needs it; null where the system does not say. */
  hardware(): { readonly driver: string; readonly address: string } | null;
}

/** What a pattern matches on this host. */
export interface PatternMembers {
  /** The sources that it stands for, by index. */
  readonly interfaces: readonly Candidate[];
  /** Others that match and are no sources, each with the reason. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/** `eth8, eth9 (it is a destination)`: what is left out, by reason. */
export function leftOutWords(leftOut: PatternMembers['leftOut']): string {
  const reasons = [...new Set(leftOut.map(({ why }) => why))];
  return reasons
    .map((why) => `${someOf(leftOut.filter((one) => one.why === why).map(({ name }) => name))} (${why})`)
    .join('; ');
}

/** By the id of the pattern. */
export type MembersOf = ReadonlyMap<string, PatternMembers>;

/**
 * The interfaces that each pattern of some settings matches. A destination of the configuration, under any name, and loopback are
 * left out: as a source, a destination would depend on itself sooner or later.
 *
 * @param candidates all interfaces, by index
 */
export function patternMembers(
  { patterns, destinations }: Settings,
  candidates: readonly Candidate[],
  interfaceOf: InterfaceOf,
): MembersOf {
  const set = new Set<unknown>();
  for (const one of destinations.values()) {
    if ('interface' in one) {
      set.add(one.interface).add(interfaceOf(one.interface)?.index);
    }
  }
  function reasonAgainst({ index, name, altNames, loopback }: Candidate): string | null {
    if (loopback) {
      return 'it is loopback, which does not fail';
    }
    return set.has(index) || [name, ...altNames].some((one) => set.has(one))
      ? 'it is a destination of this configuration'
      : null;
  }
  const membersOf = (pattern: Pattern): PatternMembers => {
    const found = candidates.filter((one) => isMatch(pattern, one));
    const judged = found.map((one) => ({ one, why: reasonAgainst(one) }));
    const good = judged.flatMap(({ one, why }) => (why === null ? [one] : []));
    const why = `a pattern stands for at most ${MOST_MATCHED} interfaces, those with the lowest indices`;
    return {
      interfaces: good.slice(0, MOST_MATCHED),
      leftOut: [
        ...judged.flatMap(({ one, why }) => (why === null ? [] : [{ name: one.name, why }])),
        ...good.slice(MOST_MATCHED).map(({ name }) => ({ name, why })),
      ],
    };
  };
  return new Map([...(patterns?.byId.values() ?? [])].map((one) => [one.id, membersOf(one)]));
}

function isMatch({ match, mac, driver }: Pattern, one: Candidate): boolean {
  const named = match === undefined || [one.name, ...one.altNames].some((name) => fits(match, name));
  if (!named || (mac === undefined && driver === undefined)) {
    return named;
  }
  const hardware = one.hardware();
  return (
    hardware !== null &&
    (mac === undefined || mac === hardware.address) &&
    (driver === undefined || fits(driver, hardware.driver))
  );
}
