import { copyGroup, copyTarget } from '../engine/copy.ts';
import type { Health } from '../events.ts';
import { type GroupState, type SourceState, type State, StateError, type TargetState } from '../state.ts';

/** A state by names instead of numbers: it survives a change of policy, and `serialize` writes it. */
export interface Saved {
  readonly version: 1;
  readonly now: number;
  readonly ready: boolean;
  readonly counters: State['counters'];
  readonly sources: Readonly<Record<string, SourceState>>;
  readonly groups: Readonly<Record<string, SavedGroup>>;
  readonly destinations: Readonly<Record<string, TargetState>>;
}

/** A group with the health and the hysteresis of its requirement. */
export interface SavedGroup extends GroupState {
  readonly requirement: Health;
  readonly memory: Readonly<Record<string, boolean>>;
  /** The requirement as JSON text: a restart starts a group anew if it differs. */
  readonly rule: string;
}

/** A source that has not been read yet. */
export const UNREAD: SourceState = { health: 'unknown', reason: '', since: 0 };

/** Parses a saved state of this version. Its content is not checked. */
export function parseVersion(text: string): Partial<Saved> {
  let saved: Partial<Saved> | null;
  try {
    saved = JSON.parse(text);
  } catch {
    throw new StateError('This is not a saved state: it is not JSON.');
  }
  const version: unknown = saved?.version;
  if (version !== 1) {
    throw new StateError(
      `This is not a saved state of version 1, but of version ${JSON.stringify(version) ?? 'none'}.`,
    );
  }
  return saved ?? {};
}

/** Parses and checks a saved state: a file may be cut off, or not be a saved state. */
export function parse(text: string): Saved {
  const saved = parseVersion(text);
  const { counters, sources, groups, destinations } = saved as Saved;
  const models: readonly (readonly [table: object | undefined, model: object])[] = [
    [[saved], { now: 0, ready: false }],
    [[counters], { events: 0, transitions: 0, effects: 0, failures: 0, foreignChanges: 0 }],
    [sources, UNREAD],
    [groups, { ...copyGroup({}, 0), requirement: 'unknown', rule: '' }],
    [destinations, copyTarget({}, 0)],
  ];
  for (const [table, model] of models) {
    if (!Object.values(table ?? [null]).every((entry) => isLike(entry, model))) {
      throw new StateError('This is not a saved state: an entry has a missing or wrong field.');
    }
  }
  return saved as Saved;
}

/** Whether an entry has the fields of a model with the same types, and only known words. */
export function isLike(entry: unknown, model: object): boolean {
  return Object.entries(model).every(([key, value]) => {
    const found: unknown = Object(entry)[key];
    const words = WORDS[key];
    if (words !== undefined) return words.includes(`${found}`);
    return value === null ? Object(found) !== found : typeof found === typeof value;
  });
}

const HEALTHS = ['active', 'failed', 'unknown'];
const WORDS: Readonly<Record<string, readonly string[]>> = {
  health: HEALTHS,
  requirement: HEALTHS,
  phase: ['starting', 'up', 'going-down', 'down', 'coming-up', 'paused', 'drained'],
  is: ['up', 'down', 'missing', 'unknown'],
};
