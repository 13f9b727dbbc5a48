import type { DestinationReading, PolicyEvent } from './events.ts';
import type { Policy } from './policy.ts';
import { type State, StateError } from './state.ts';

const FLAG = 'a boolean';

/** The parts of an event: one of some words, or a type. A part that is not listed is a string. */
const PARTS: Readonly<Record<string, string | readonly string[]>> = {
  type: ['sources', 'source', 'destination', 'effect-failed', 'pause', 'drain', 'resume', 'restore', 'tick'],
  health: ['active', 'failed', 'unknown'],
  is: ['up', 'down', 'missing', 'unknown'],
  to: ['up', 'down'],
  complete: FLAG,
  owned: FLAG,
  slipped: FLAG,
};

/**
 * Refuses an argument that the engine would misunderstand: plain JavaScript has no type check.
 *
 * @throws {TypeError} that names the part and the value
 */
export function must(holds: boolean, part: string, wanted: string, value: unknown): void {
  if (holds) return;
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  throw new TypeError(`${part} must be ${wanted}, not ${shown}.`);
}

/** @throws {TypeError} with the first of these parts of a value that is not as it has to be */
export function checkParts(value: unknown, of: string, ...names: readonly string[]): void {
  for (const name of names) {
    const part: unknown = Object(value)[name];
    const wanted = PARTS[name] ?? 'a string';
    const holds = Array.isArray(wanted) ? wanted.includes(part) : wanted === `a ${typeof part}`;
    must(holds, `${of}.${name}`, `${wanted}`, part);
  }
}

/** @throws {TypeError} if it is not a finite number */
export function checkTime(part: string, value: number): void {
  must(Number.isFinite(value), part, 'a finite number', value);
}

/** @throws {TypeError} if `compile` did not return it */
export function checkPolicy(policy: Policy): void {
  must(typeof policy?.fingerprint === 'string', 'policy', 'compiled', policy);
}

/** @throws {StateError} if it is not a state, or belongs to another policy */
export function checkState(policy: Policy, state: State): void {
  if (!state?.policy || state.policy !== policy?.fingerprint) {
    throw new StateError('state belongs to another policy: use recompile().');
  }
}

/** @throws {TypeError} with the first part that is not as {@link PolicyEvent} says */
export function checkEvent(event: PolicyEvent, at = 'event'): void {
  checkParts(event, at, 'type');
  if (event.type === 'source') {
    checkSource(event.source, `${at}.source`);
  } else if (event.type === 'destination') {
    checkDestination(event, at);
  } else if (event.type === 'effect-failed') {
    checkParts(event.effect, `${at}.effect`, 'destination', 'to');
    checkParts(event, at, 'code');
  } else if (event.type === 'sources') {
    const { sources, destinations = [] } = event;
    checkParts(event, at, 'complete');
    checkList(sources, `${at}.sources`, checkSource);
    checkList(destinations, `${at}.destinations`, checkDestination);
  } else if (event.type !== 'tick') {
    checkParts(event, at, 'group');
    checkTime(`${at}.until`, Object(event).until ?? 0);
  }
}

/** @throws {TypeError} if these are no options, or `only` is no set */
export function checkOnly(options: object & { readonly only?: ReadonlySet<string> }): void {
  must(Object(options) === options, 'options', 'an object', options);
  const { only } = options;
  must(only === undefined || typeof only?.has === 'function', 'options.only', 'a set', only);
}

/** @throws {TypeError} if it is not an array, or `check` refuses an item */
export function checkList<Item>(
  list: readonly Item[],
  of: string,
  check: (item: Item, at: string) => void,
): void {
  must(Array.isArray(list), of, 'an array', list);
  list.forEach((item, place) => {
    check(item, `${of}[${place}]`);
  });
}

function checkSource(reading: unknown, at: string): void {
  checkParts(reading, at, 'id', 'health', 'reason');
}

function checkDestination(reading: DestinationReading, at: string): void {
  checkParts(reading, at, 'id', 'is');
  for (const flag of ['owned', 'slipped'] as const) {
    if (reading[flag] !== undefined) checkParts(reading, at, flag);
  }
}
