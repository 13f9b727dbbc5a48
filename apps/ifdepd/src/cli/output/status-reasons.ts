import { showDuration } from '../../config/duration.ts';
import type { DestinationReport, GroupReport } from '../../control/status-report.ts';

/** `eth0 failed (no carrier)`; `waits 2.4 s more (up-delay), eth0 is back`; `eth2, eth3 active` */
export function groupReason(group: GroupReport, groups: readonly GroupReport[], now: number): string {
  const { name, phase, since, blame, penalty, hidden, latched, sources } = group;
  const known = new Map(sources.map((source) => [source.id, source]));
  // A group that requires others is held down by their sources.
  for (const id of blame.filter((one) => !known.has(one) && groups.every((group) => group.name !== one))) {
    const source = groups.flatMap((group) => group.sources).find((one) => one.id === id);
    if (source !== undefined) {
      known.set(id, source);
    }
  }
  const blamed = (health: string) =>
    blame.flatMap((id) => known.get(id) ?? []).filter((one) => one.health === health);
  const others = blame.filter((id) => !known.has(id));
  const active = blamed('active').map(({ id }) => id);
  const back =
    phase === 'coming-up'
      ? blamed('active')
          .filter((one) => one.since >= since)
          .map(({ id }) => id)
      : [];
  if (phase === 'paused' || phase === 'drained') {
    return delayWords(group, now);
  }
  return [
    delayWords(group, now),
    ...blamed('failed').map(({ id, reason }) =>
      reason === '' ? `${id} failed` : `${id} failed (${reason})`,
    ),
    ...others.map((id) => groupWords(id, groups)),
    phase !== 'coming-up' && active.length > 0 ? `${active.join(', ')} active` : '',
    back.length > 0 ? `${back.join(', ')} ${back.length === 1 ? 'is' : 'are'} back` : '',
    ...blamed('unknown').map(({ id }) => `${id} unknown`),
    penalty > 0 ? `penalty ${penalty}` : '',
    hidden > 0 ? `${hidden} hidden by a delay` : '',
    latched ? `until ifdepd restore ${name}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** What a group waits for, and the setting that makes it wait. */
function delayWords({ name, phase, until, penalty }: GroupReport, now: number): string {
  if (until === null) {
    return phase === 'paused'
      ? `until ifdepd resume ${name}`
      : phase === 'drained'
        ? `until ifdepd up ${name}`
        : '';
  }
  const left = showDuration(Date.parse(until) - now);
  switch (phase) {
    case 'going-down':
      return `waits ${left} more (down-delay)`;
    case 'coming-up':
      return `waits ${left} more (${penalty > 0 ? 'dampening' : 'up-delay'})`;
    case 'starting':
      return `waits ${left} more (start-delay)`;
    case 'paused':
    case 'drained':
      return `for ${left} more`;
    default:
      return `held for ${left} more (${penalty > 0 ? 'dampening' : 'start-hold'})`;
  }
}

/** `wan is coming up`: another group that this one requires. */
function groupWords(name: string, groups: readonly GroupReport[]): string {
  const phase = groups.find((one) => one.name === name)?.phase;
  return phase === undefined ? name : `${name} is ${phase.replace('-', ' ')}`;
}

/** `held by gateway`; `another program set it up 2 s ago; next attempt in 1 s` */
export function destinationReason(one: DestinationReport, now: number): string {
  const { is, heldBy, owned, error, differs, note } = one;
  const difference = differs === undefined ? '' : differenceWords(is, differs, now);
  const held = difference === '' && heldBy.length > 0 ? `held by ${heldBy.join(', ')}` : '';
  return [
    error === null ? '' : `cannot be set: ${error}`,
    difference,
    held,
    owned && heldBy.length === 0 ? 'set down by ifdepd' : '',
    note ?? '',
  ]
    .filter(Boolean)
    .join(', ');
}

function differenceWords(
  is: string,
  { reason, left, since, retryAt }: NonNullable<DestinationReport['differs']>,
  now: number,
): string {
  const ago = showDuration(now - Date.parse(since));
  const next =
    retryAt === null ? '' : `next attempt in ${showDuration(Math.max(0, Date.parse(retryAt) - now))}`;
  const then = next === '' ? '' : `; ${next}`;
  switch (reason) {
    case 'changed':
      return `another program set it ${is} ${ago} ago${left ? '; left so' : then}`;
    case 'appeared':
      return `appeared ${ago} ago${left ? '; its owner raises it' : then}`;
    case 'not-ours':
      return 'not set down by ifdepd (raise: owned)';
    case 'refused':
      return next;
    case 'not-read':
      return 'not read yet';
    case 'missing':
      return 'does not exist';
    default:
      return 'is being set';
  }
}
