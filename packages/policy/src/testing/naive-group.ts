import type { GroupConfig } from '../config.ts';
import type { Health, Phase } from '../events.ts';

/** A group of the naive model. */
export interface NaiveGroup {
  readonly config: GroupConfig;
  phase: Phase;
  since: number;
  /** It was down until `since`. */
  wasDown: boolean;
  graceEnds: number;
  pausedUntil: number | null;
  hidden: number;
  penalty: number;
  penaltyAt: number;
  suppressedUntil: number;
  /** It has a start hold and has not left its first phase yet. */
  holds: boolean;
  requirement: Health;
  /** The sum of the weights of what is active in the requirement. */
  weight: number;
  /** With `restore: manual`: it went down and was not restored. */
  latched: boolean;
}

/** Advances one group by one phase at most. */
export function advanceNaively(group: NaiveGroup, now: number, ready: boolean): void {
  const { config, requirement, phase, since } = group;
  const good = requirement === 'active' && !group.latched;
  const go = (to: Phase): void => {
    const failed = requirement === 'failed' || phase === 'up' || phase === 'going-down';
    if (to === 'down' && config.restore === 'manual' && failed && phase !== 'drained') group.latched = true;
    group.wasDown = phase === 'down' || phase === 'coming-up' || phase === 'drained';
    group.phase = to;
    group.since = now;
    group.holds = false;
  };
  const { downDelayMs = 0, upDelayMs = 0 } = config;
  const suppressed = now < group.suppressedUntil;

  if (phase === 'starting' && group.holds && suppressed && ready) {
    go(good ? 'coming-up' : 'down');
  } else if (phase === 'starting') {
    if (requirement === 'active') go(group.latched ? 'down' : suppressed ? 'coming-up' : 'up');
    if (requirement === 'failed' && now >= group.graceEnds) go('down');
  } else if (phase === 'paused') {
    if (group.pausedUntil === null || now < group.pausedUntil) return;
    if (requirement === 'active') go(group.latched ? 'down' : suppressed ? 'coming-up' : 'up');
    if (requirement === 'failed') go('down');
    if (requirement === 'unknown') {
      go('starting');
      group.graceEnds = now;
    }
  } else if (phase === 'up') {
    if (requirement !== 'failed') return;
    // A group that has been up for no time at all has not been up.
    const isOver = group.wasDown && since === now;
    if (downDelayMs > 0 && !isOver) {
      go('going-down');
    } else {
      punish(group, now);
      go('down');
    }
  } else if (phase === 'going-down') {
    if (requirement === 'active') {
      group.hidden += 1;
      go('up');
    } else if (now >= since + downDelayMs) {
      punish(group, now);
      go('down');
    }
  } else if (phase === 'drained' && (group.pausedUntil === null || now < group.pausedUntil)) {
    return;
  } else if (phase === 'drained' || phase === 'down') {
    // A failure latches a group that stays down, and one that is still there when a drain ends.
    if (requirement === 'failed' && config.restore === 'manual') group.latched = true;
    if (good) go(upDelayMs > 0 || suppressed ? 'coming-up' : 'up');
    else if (phase === 'drained') go('down');
  } else if (requirement === 'active') {
    if (now >= since + upDelayMs && !suppressed) go('up');
  } else {
    group.hidden += 1;
    if (requirement === 'failed') punish(group, now);
    go('down');
  }
}

/** When time alone changes the group, or null. */
export function naiveDue({ config, phase, since, ...group }: NaiveGroup): number | null {
  if (phase === 'starting') return group.requirement === 'failed' ? group.graceEnds : null;
  if (phase === 'paused' || phase === 'drained') return group.pausedUntil;
  if (phase === 'going-down') return since + (config.downDelayMs ?? 0);
  if (phase === 'coming-up') return Math.max(since + (config.upDelayMs ?? 0), group.suppressedUntil);
  return null;
}

function punish(group: NaiveGroup, now: number): void {
  const { dampening } = group.config;
  if (dampening === undefined) return;
  const {
    halfLifeMs = 15_000,
    suppress = 2_000,
    reuse = 750,
    maxSuppressMs = 60_000,
    penalty = 1_000,
  } = dampening;
  const decayed = group.penalty * 0.5 ** ((now - group.penaltyAt) / halfLifeMs);
  group.penalty = Math.min(decayed + penalty, Math.max(suppress, reuse * 2 ** (maxSuppressMs / halfLifeMs)));
  group.penaltyAt = now;
  if (group.penalty < suppress && now >= group.suppressedUntil) return;
  const untilReuse = Math.ceil(halfLifeMs * Math.log2(group.penalty / reuse));
  group.suppressedUntil = Math.max(group.suppressedUntil, now + Math.min(maxSuppressMs, untilReuse));
}
