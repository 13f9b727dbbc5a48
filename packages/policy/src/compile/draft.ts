import type { Gate, GroupSpec, Link, Target } from '../policy.ts';

/** A gate being built. */
export interface RawGate extends Gate {
  at: number;
  below: number;
  total: number;
  invert: boolean;
  rank: number;
  group: GroupSpec | null;
  readonly members: Link[];
  readonly parents: Link[];
}

/** A destination being collected. */
export interface RawTarget extends Target {
  readonly groups: number[];
  hard: boolean;
  always: boolean;
  owned: boolean;
}

/** A policy being built. */
export interface RawPolicy {
  /** Numbers by name: also the numbers of their gates. */
  readonly groups: ReadonlyMap<string, number>;
  readonly sources: Map<string, number>;
  readonly destinations: Map<string, number>;
  readonly gates: RawGate[];
  readonly readers: Link[][];
  readonly targets: RawTarget[];
}

/** A gate with the health of its only member. */
export function newGate(): RawGate {
  return { at: 1, below: 1, total: 1, invert: false, members: [], parents: [], rank: 0, group: null };
}

/** The number of a name; a new name gets the next number. */
export function numberOf(name: string, numbers: Map<string, number>): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}
