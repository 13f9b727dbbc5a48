import type { Blame } from '../events.ts';
import type { DestinationStatus, GroupStatus, Release } from '../status.ts';
import { type Condition, clauseOf, listed, span, together } from './conditions.ts';

/** The parts of a sentence about a group. */
export interface GroupOutlook {
  /** What makes it leave its outcome, the earliest first; empty if no change of a source is known to. */
  readonly conditions: readonly Condition[];
  /** The phase that time alone leads to; null if time alone changes nothing. */
  readonly alone: string | null;
}

/** Two sentences about a group: its phase, since when and why; and what changes it. */
export function groupSentence(
  group: GroupStatus,
  release: Release,
  outlook: GroupOutlook,
  now: number,
): string {
  const { name, phase, since, until, requirement, latched, blame } = group;
  const began = `${name} has been ${phase.replace('-', ' ')} for ${span(now - since)}`;
  const left = release.at === null ? null : `in ${span(release.at - now)}`;
  const { conditions, alone } = outlook;

  function next(): string {
    if (phase === 'paused') return left === null ? 'An operator has to resume it' : `It is resumed ${left}`;
    if (phase === 'drained' && until !== null) return `It is released in ${span(until - now)}`;
    if (isOperators(group)) return byOperator(release, [group]);
    if (requirement === 'unknown' && left === null) return `It waits for ${listed(release.needs, 'and')}`;
    const unless = conditions[0]?.sets[0];
    if (phase === 'going-down' || phase === 'starting') {
      return `It goes down ${left ?? ''}${unless === undefined ? '' : ` unless ${together(unless)}`}`;
    }
    if (left !== null) {
      return alone === 'up' ? `It comes up ${left} if nothing fails` : `It goes down ${left}`;
    }
    const turns = phase === 'up' ? 'goes down' : 'comes up';
    if (conditions.length > 0) return `It ${turns} ${clauseOf(conditions)}`;
    return release.needs.length === 0
      ? `It ${turns} when something else changes`
      : `It needs ${listed(release.needs, 'and')}, and more than that`;
  }

  if (phase === 'paused') return `${began} and leaves its destinations alone. ${next()}.`;
  if (phase === 'drained') return `${began} and holds its destinations down. ${next()}.`;
  if (latched && requirement === 'active') return `${began}; all sources are active. ${next()}.`;
  return `${began}${because(blame)}. ${next()}.`;
}

/** Whether only an operator brings the group up. */
function isOperators({ phase, until, latched }: GroupStatus): boolean {
  return latched || (phase === 'drained' && until === null);
}

/** `It needs em0, and an operator: \`ifdepd restore gateway\` brings it up` */
function byOperator({ needs }: Release, groups: readonly GroupStatus[]): string {
  const commands = groups.map(
    ({ name, phase }) => `\`ifdepd ${phase === 'drained' ? 'up' : 'restore'} ${name}\``,
  );
  const first = needs.length === 0 ? '' : `It needs ${listed(needs, 'and')}, and an operator: `;
  return `${first}${listed(commands, 'and')} ${groups.length > 1 ? 'bring' : 'brings'} it up`;
}

/** What holds a group down although its requirement does not: `coming up`, `drained`, `latched`; '' if its requirement does. */
function holdOf({ phase, latched, requirement }: GroupStatus): string {
  if (phase === 'coming-up' || phase === 'drained') return phase.replace('-', ' ');
  return latched && requirement === 'active' ? 'latched' : '';
}

/** ` because em0 failed (no carrier)`, `: em0 and em1 are active` */
function because(blame: readonly Blame[]): string {
  if (blame.length === 0) return '';
  const failed = blame.filter(({ health }) => health === 'failed');
  const others = blame.filter(({ health }) => health !== 'failed');
  const parts = [
    ...(failed.length === 0 ? [] : [listed(failed.map(blamed), 'and')]),
    ...(['active', 'unknown'] as const).flatMap((health) => {
      const ids = others.filter((one) => one.health === health).map(({ id }) => id);
      return ids.length === 0 ? [] : [`${listed(ids, 'and')} ${ids.length > 1 ? 'are' : 'is'} ${health}`];
    }),
  ];
  return failed.length === 0 ? `: ${listed(parts, 'and')}` : ` because ${listed(parts, 'and')}`;
}

/** `em0 failed (no carrier)`, `gateway is coming up` */
function blamed({ kind, id, health, reason }: Blame): string {
  if (kind === 'group') return `${id} is ${reason.replace('-', ' ')}`;
  return reason === '' || reason === health ? `${id} ${health}` : `${id} ${health} (${reason})`;
}

/** The parts of a sentence about a destination. */
export interface DestinationOutlook {
  /** The groups that want what the groups together want. */
  readonly supporters: readonly GroupStatus[];
  /** All groups that name it. */
  readonly groups: readonly GroupStatus[];
  /** The strictest `enforce` of them. */
  readonly enforce: 'down' | 'always' | 'never';
  readonly blame: readonly Blame[];
  readonly release: Release;
  readonly conditions: readonly Condition[];
}

/** Sentences about a destination: what it is and why, what prevents what is wanted, and what changes it. */
export function destinationSentence(
  destination: DestinationStatus,
  { supporters, groups, enforce, blame, release, conditions }: DestinationOutlook,
  now: number,
): string {
  const { id, is, want, differs } = destination;
  const names = listed(
    supporters.map(({ name }) => name),
    'and',
  );
  const many = supporters.length > 1;
  const hold = supporters[0] === undefined ? '' : holdOf(supporters[0]);
  const waits = hold !== '' && supporters.every((group) => holdOf(group) === hold);
  const held = waits ? ` because ${names} ${many ? 'are' : 'is'} ${hold}` : because(blame);
  if (want === 'none') {
    const idle = groups.map(({ name, phase }) => `group ${name} is ${phase}`);
    return `${id} is ${is}; ${listed(idle, 'and')} and leave${groups.length > 1 ? '' : 's'} it alone.`;
  }
  if (differs !== null) {
    const why = want === 'down' ? held : '';
    return `${id} is ${is}, but ${names} ${many ? 'want' : 'wants'} it ${want}${why}. ${troubleOf(destination, enforce, now)}.`;
  }
  if (want === 'up') {
    return `${id} is up; ${names} ${many ? 'want' : 'wants'} it up${conditions.length === 0 ? '' : `. It goes down ${clauseOf(conditions)}`}.`;
  }
  const operators = supporters.filter(isOperators);
  const next =
    release.at !== null
      ? ` It comes up in ${span(release.at - now)} if nothing fails.`
      : conditions.length > 0
        ? ` It comes up ${clauseOf(conditions)}.`
        : operators.length > 0
          ? ` ${byOperator(release, operators)}.`
          : release.needs.length > 0
            ? ` It needs ${listed(release.needs, 'and')}, and more than that.`
            : '';
  const holds = waits || groups.length === 1 ? '' : `; ${names} ${many ? 'hold' : 'holds'} it down`;
  return `${id} is down${held}${holds}.${next}`;
}

/** Why a destination is not as wanted, and what is done about it. */
function troubleOf(destination: DestinationStatus, enforce: string, now: number): string {
  const { is, want, since, error, retryAt, differs } = destination;
  const again = retryAt === null ? '' : `; the next attempt is in ${span(retryAt - now)}`;
  const ago = `${span(now - since)} ago`;
  switch (differs?.reason) {
    case 'missing':
      return 'It does not exist';
    case 'not-read':
      return 'Its state is not known yet';
    case 'setting':
      return `It is being set ${want}`;
    case 'refused':
      return `Setting it failed (${error})${again}`;
    case 'not-ours':
      return 'ifdepd did not set it down, and ifdepd raises only what it set down (raise: owned)';
    case 'appeared':
      return `It appeared ${ago}${differs.left ? '; ifdepd never raises what appears: its owner does that' : again}`;
    default:
      return `Another program set it ${is} ${ago}${differs?.left === true ? `; ifdepd leaves it so (enforce: ${enforce})` : again}`;
  }
}
