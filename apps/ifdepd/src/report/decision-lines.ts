import type { SnapshotCause } from '@ifdepd/linkwatch';
import type { Effect, Reason, SourceReading, Transition } from '@ifdepd/policy';
import type { Outcome } from '../engine/actuator.ts';
import type { Explained } from '../engine/explain-parts.ts';
import type { Decision } from '../engine/policy-loop.ts';
import { sourceOf } from '../engine/sources/index.ts';
import type { WeightChange } from '../engine/weights.ts';
import { type LogEntry, listed } from '../log/index.ts';

/** A source whose health or reason is another than before. */
export interface SourceChange {
  readonly reading: SourceReading;
  /** Undefined for the first reading, which is reported only where it is a failure. */
  readonly was: SourceReading | undefined;
}

/** A change that a transition blames matters to everyone, any other to -v. */
export function sourceLines(
  changes: readonly SourceChange[],
  transitions: readonly Transition[],
): readonly LogEntry[] {
  const blamed = new Set(transitions.flatMap(({ blame }) => blame.map(({ id }) => id)));
  return changes.map(({ reading, was }): LogEntry => {
    const { id, health, reason } = reading;
    const from = was?.health ?? null;
    return {
      event: 'source',
      level: was !== undefined && blamed.has(id) ? 'notice' : 'info',
      message: changeWords(reading, was),
      fields: { source: id, from, to: health, reason },
      ...(was === undefined && health !== 'failed' ? { quiet: true } : {}),
    };
  });
}

/** `em0: active -> failed (no carrier)`; of what answers for itself `check upstream failed: ping exited 1` */
function changeWords(reading: SourceReading, was: SourceReading | undefined): string {
  const { id, health, reason } = reading;
  const { label, hasActiveReason } = sourceOf(id);
  if (hasActiveReason) {
    const state = health === 'failed' ? 'failed' : `is ${health}`;
    return `${label} ${state}${health === 'active' && reason === 'ok' ? '' : `: ${reason}`}`;
  }
  const before = was?.health === health ? words(was) : was?.health;
  return `${label}: ${before === undefined ? '' : `${before} -> `}${words(reading)}`;
}

/** `active`, `failed (no carrier)` */
function words({ health, reason }: SourceReading): string {
  return health === 'active' ? health : `${health} (${reason})`;
}

/**
 * The lines of one decision: what was decided, done and refused.
 *
 * @param conditional how an action is reported: `set` when done, `would be set` in a dry run
 */
export function decisionLines({ transitions, outcomes }: Decision, conditional: string): LogEntry[] {
  const acted = outcomes.some(({ changed, error }) => changed || error !== null);
  return [
    ...transitions.map((transition) => transitionLine(transition, acted)),
    ...actionLines(
      outcomes.filter(({ changed }) => changed),
      conditional,
    ),
    ...outcomes.flatMap(({ effect, error }) => (error === null ? [] : [failureLine(effect, error)])),
  ];
}

/** The action is the news; where nothing had to be set, the transition is. */
function transitionLine(transition: Transition, acted: boolean): LogEntry {
  const { group, from, to } = transition;
  const because = blameWords(transition);
  return {
    event: 'transition',
    level: acted ? 'info' : to === 'down' ? 'warning' : 'notice',
    message: `${group}: ${from} -> ${to}${because === '' ? '' : ` (${because})`}`,
    fields: { group, from, to, blame: blameIds(transition) },
  };
}

/** One line for the destinations that were set the same way for the same reason. */
function actionLines(outcomes: readonly Outcome[], conditional: string): LogEntry[] {
  const together = new Map<string, { ids: string[]; undoValue: [string, number][]; effect: Effect }>();
  for (const { effect, undoValue } of outcomes) {
    const { to, because, destination } = effect;
    const key = JSON.stringify([to, because.group, because.cause, blameWords(because)]);
    const line = together.get(key) ?? { ids: [], undoValue: [], effect };
    line.ids.push(destination);
    if (undoValue !== null) {
      line.undoValue.push([destination, undoValue]);
    }
    together.set(key, line);
  }
  return [...together.values()].map(({ ids, undoValue, effect: { to, because } }) => ({
    event: because.cause === 'enforce' ? 'foreign-change' : 'action',
    level: because.cause === 'enforce' || to === 'down' ? 'warning' : 'notice',
    message: `${ids.join(' ')}: ${actionWords(because, `${conditional} ${to}`)}`,
    fields: {
      destinations: ids,
      to,
      group: because.group,
      cause: because.cause,
      blame: blameIds(because),
      ...(undoValue.length === 0 ? {} : { undoValue: Object.fromEntries(undoValue) }),
      ...(conditional === 'set' ? {} : { dryRun: true }),
    },
  }));
}

function failureLine({ destination, to, because }: Effect, error: Error): LogEntry {
  return {
    event: 'action-failed',
    level: 'err',
    message: `${destination}: cannot be set ${to} (${because.group}: ${blameWords(because)}), ifdepd tries again: ${error.message}`,
    fields: {
      destinations: [destination],
      to,
      group: because.group,
      blame: blameIds(because),
      code: 'code' in error ? error.code : 'ERR_INTERNAL',
    },
  };
}

/** @param action what was done: `set down`, `would be set up` */
function actionWords(because: Reason, action: string): string {
  const opposite = action.endsWith('down') ? 'up' : 'down';
  switch (because.cause) {
    case 'arrival':
      return `appeared; ${action} (${because.group}: ${blameWords(because)})`;
    case 'slip':
      return `the kernel itself set it ${opposite}; ${action} again because ${causeWords(because, opposite)}`;
    case 'enforce':
      return `another program set it ${opposite}; ${action} again because ${causeWords(because, opposite)}`;
    default:
      return `${action} (${because.group}: ${blameWords(because)})`;
  }
}

/**
 * `em0 and bge0 have failed`, `em0 is active`. Sources that would have it the other way are no cause: `gateway is coming up
 * (em0 is active)`, as in a delay, or until an operator restores the group.
 */
function causeWords({ blame, group, to }: Reason, opposite: 'up' | 'down'): string {
  const words = byHealth(blame, (ids, health) => {
    const [has, is] = ids.length === 1 ? ['has', 'is'] : ['have', 'are'];
    return `${listed(ids)} ${health === 'failed' ? `${has} failed` : `${is} ${health}`}`;
  });
  const isFailed = blame.some(({ health }) => health === 'failed');
  return isFailed === (opposite === 'up') ? words : `${group} is ${to.replace('-', ' ')} (${words})`;
}

/** `em0 bge0 failed`; `all sources active` is said by naming them. */
function blameWords({ group, blame }: Pick<Transition, 'group' | 'blame'>): string {
  const [one] = blame;
  if (one?.kind === 'group' && one.id === group) {
    return `${one.reason} by an operator`;
  }
  return byHealth(blame, (ids, health) => `${ids.join(' ')} ${health}`);
}

function byHealth(
  blame: Transition['blame'],
  words: (ids: readonly string[], health: string) => string,
): string {
  const stateOf = ({ kind, health, reason }: Transition['blame'][number]) =>
    kind === 'group' && reason === 'drained' ? reason : health;
  const healths = [...new Set(blame.map(stateOf))];
  const idsOf = (health: string) => blame.flatMap((one) => (stateOf(one) === health ? [one.id] : []));
  return healths.map((health) => words(idsOf(health), health)).join(', ');
}

function blameIds({ blame }: Pick<Transition, 'blame'>): readonly string[] {
  return blame.map(({ id }) => id);
}

/** The state as log lines: one for each group and each destination. */
export function statusLines({ groups, destinations }: Explained): readonly LogEntry[] {
  return [...groups, ...destinations].map(({ sentence }) => ({
    event: 'status',
    level: 'notice',
    message: sentence,
  }));
}

/** `em0: failed 3 times too briefly to act on; counted` */
export function passedLine(source: string, losses: number): LogEntry {
  const times = losses === 1 ? 'once' : `${losses} times`;
  return {
    event: 'source',
    level: 'info',
    message: `${source}: failed ${times} too briefly to act on; counted`,
    fields: { source, losses },
  };
}

/** Causes whose own word would not explain them in the log. */
const WORDS: Partial<Record<SnapshotCause, string>> = {
  unreadable: 'a message of the kernel was too large, or could not be decoded',
};

/** `interfaces read again (overrun)` */
export function resyncLine(cause: SnapshotCause): LogEntry {
  return {
    event: 'resync',
    level: cause === 'overrun' ? 'warning' : 'info',
    message: `interfaces read again (${WORDS[cause] ?? cause})`,
    fields: { cause },
  };
}

/** The line of a number that was written because a source has changed it, or that could not be. */
export function weightLine({ destination, group, number, error }: WeightChange): LogEntry {
  return error === null
    ? {
        event: 'action',
        level: 'notice',
        message: `${destination}: holds ${number}, the weight of ${group}`,
        fields: { destinations: [destination], group, weight: number },
      }
    : {
        event: 'action-failed',
        level: 'err',
        message: `${destination}: the weight of ${group} cannot be written, ifdepd tries again: ${error.message}`,
        fields: {
          destinations: [destination],
          group,
          code: 'code' in error ? error.code : 'ERR_INTERNAL',
        },
      };
}
