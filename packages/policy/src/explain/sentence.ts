import type { Blame } from '../events.ts';
import type { DestinationStatus, GroupStatus, Release } from '../status.ts';

/** One sentence on a group: what it is, since when, why, and what would change it. `turn`: what its sources had to do. */
export function groupSentence(group: GroupStatus, release: Release, turn: string, now: number): string {
  const { name, phase, since, requirement, blame, until } = group;
  const why = blame.map(blamed).join(', ');
  return `${name} has been ${phase.replace('-', ' ')} for ${span(now - since)}: ${why}; ${next()}.`;

  function next(): string {
    const left = until === null ? '' : ` in ${span(until - now)}`;
    const wait = (release.earliest ?? now) - now;
    const when = wait > 0 ? `${span(wait)} after` : 'when';
    if (phase === 'paused') return `it is resumed${left || ' by an operator'}`;
    if (requirement === 'unknown' && left === '') return `it waits for ${release.needs.join(' and ')}`;
    if (phase === 'up') return `it goes down ${when} ${turn}`;
    if (phase === 'down') return `it comes up ${when} ${turn}`;
    if (phase === 'coming-up') return `it comes up${left} if nothing fails`;
    return `it goes down${left} unless ${turn}`;
  }
}

/** One sentence on a destination: what it is, what is wanted of it and by whom, and what stands in the way. */
export function destinationSentence(
  destination: DestinationStatus,
  groups: readonly GroupStatus[],
  release: Release,
  now: number,
): string {
  const { id, is, want, error, retryAt, pending } = destination;
  const by = groups.map(({ name, blame }) => `${name} (${blame.map(blamed).join(', ')})`).join(' and ');
  const wanted = want === 'none' ? 'no group has an opinion on it' : `wanted ${want} by ${by}`;
  const trouble = error === null ? '' : `; setting it failed (${error})`;
  const plan =
    retryAt !== null
      ? `; the next attempt is in ${span(retryAt - now)}`
      : pending !== null
        ? `; being set ${pending}`
        : want !== 'down'
          ? ''
          : release.needs.length > 0
            ? `; released by ${release.needs.join(' and ')}`
            : release.at !== null
              ? `; released in ${span(release.at - now)} if nothing fails`
              : '';
  return `${id} is ${is}, ${wanted}${trouble}${plan}.`;
}

function blamed({ id, health, reason }: Blame): string {
  return reason === '' || reason === health || health === 'active'
    ? `${id} ${health}`
    : `${id} ${health} (${reason})`;
}

/** Milliseconds as a person says them. */
function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 60_000)} min`;
}
