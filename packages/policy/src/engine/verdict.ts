import type { Health, Phase } from '../events.ts';
import type { Gate } from '../policy.ts';

/** The sum of active weights at which a gate is active. With hysteresis it is lower once the gate has been active. */
export function lineOf(gate: Gate, held: boolean): number {
  return held ? gate.below : gate.at;
}

/**
 * The health of a gate before inversion, by the weights of its active and unknown members (Kleene): it is known as soon as
 * no value of the unknown members could change it.
 */
export function verdict(gate: Gate, active: number, unknown: number, held: boolean): Health {
  const line = lineOf(gate, held);
  return active >= line ? 'active' : active + unknown < line ? 'failed' : 'unknown';
}

/** The health of a gate after inversion. Its own inverse. */
export function inverted(gate: Gate, health: Health): Health {
  return !gate.invert || health === 'unknown' ? health : health === 'active' ? 'failed' : 'active';
}

/** By how much the number of members with this health changes when one goes from one health to another. */
export function change(health: Health, from: Health, to: Health): number {
  return Number(to === health) - Number(from === health);
}

/** What a group counts as in other requirements, and wants of its destinations (active: up). */
export function outcome(phase: Phase): Health {
  return phase === 'up' || phase === 'going-down'
    ? 'active'
    : phase === 'down' || phase === 'coming-up' || phase === 'drained'
      ? 'failed'
      : 'unknown';
}

/** Whether an operator holds the group, whatever its requirement is. */
export function isHeld(phase: Phase | undefined): boolean {
  return phase === 'paused' || phase === 'drained';
}
