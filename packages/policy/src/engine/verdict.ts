import type { Health, Phase } from '../events.ts';
import type { Gate } from '../policy.ts';

/** The sum of active weights from which a gate is active: lower once it has been, if it has hysteresis. */
export function lineOf(gate: Gate, held: boolean): number {
  return held ? gate.below : gate.at;
}

/**
 * What a gate says, before inversion, when members of so much weight are active and of so much unknown (Kleene): the
 * answer is known as soon as no value of the unknown ones could change it.
 */
export function verdict(gate: Gate, active: number, unknown: number, held: boolean): Health {
  const line = lineOf(gate, held);
  return active >= line ? 'active' : active + unknown < line ? 'failed' : 'unknown';
}

/** What a gate says after inversion; also the way back. */
export function inverted(gate: Gate, health: Health): Health {
  return !gate.invert || health === 'unknown' ? health : health === 'active' ? 'failed' : 'active';
}

/** By how much the number of those that say `health` changes when one goes over from one health to another. */
export function change(health: Health, from: Health, to: Health): number {
  return Number(to === health) - Number(from === health);
}

/** What a group means to those that require it, and wants its destinations to be. */
export function outcome(phase: Phase): Health {
  return phase === 'up' || phase === 'going-down'
    ? 'active'
    : phase === 'down' || phase === 'coming-up'
      ? 'failed'
      : 'unknown';
}
