import type { Health, Phase } from '../events.ts';
import type { Gate } from '../policy.ts';

/**
 * What a gate says, before inversion, when members of so much weight are active and of so much unknown (Kleene): the
 * answer is known as soon as no value of the unknown ones could change it. Between `below` and `at` it stays as held.
 */
export function verdict(gate: Gate, active: number, unknown: number, held: boolean): Health {
  if (active >= (held ? gate.below : gate.at)) return 'active';
  return active + unknown < (held ? gate.below : gate.at) ? 'failed' : 'unknown';
}

/** The same after inversion. */
export function inverted(gate: Gate, health: Health): Health {
  return gate.invert && health !== 'unknown' ? (health === 'active' ? 'failed' : 'active') : health;
}

/** What a group means to those that require it. */
export function outcome(phase: Phase): Health {
  if (phase === 'up' || phase === 'going-down') return 'active';
  return phase === 'down' || phase === 'coming-up' ? 'failed' : 'unknown';
}
