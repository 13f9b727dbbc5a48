import type { DampeningConfig, PolicyConfig } from './config.ts';

/**
 * A compiled configuration: immutable, reusable for any number of states. It is plain JSON data: if you compile at build time
 * and ship the JSON, the running program needs only `start` and `step`. Its type has the names that the configuration has at compile
 * time, so that an event about a misspelt source is an error of the compiler.
 */
export interface Policy<
  Source extends string = string,
  Group extends string = string,
  Destination extends string = string,
> {
  /** The configuration it was compiled from. */
  readonly config: PolicyConfig;
  /** Identifies a configuration; a state belongs to one. */
  readonly fingerprint: string;
  /** Group names in the order of the configuration. */
  readonly groups: readonly Group[];
  /** Every source id named, in the order of first mention. */
  readonly sources: readonly Source[];
  /** Every destination id named, in the order of first mention: also the order of effects. */
  readonly destinations: readonly Destination[];
}

/**
 * Every expression is a gate: active when the weights of its active members reach `at`, failed when the weights of the
 * members that have not failed stay below `below`. `all` of n has `at` n, `any` has 1, `not` has 1 and is inverted.
 * The gate at the root of a requirement belongs to the group, which other gates see through its phase.
 *
 * Members are *items*: the number of a source, or the complement (`~gate`, negative) of the number of a gate.
 * The gates of groups come first, in the order of the configuration: the number of a group is that of its gate.
 */
export interface Gate {
  readonly at: number;
  readonly below: number;
  readonly total: number;
  readonly invert: boolean;
  readonly members: readonly Link[];
  /** Gates of which this one is a member. */
  readonly parents: readonly Link[];
  /** Its position in the order of evaluation: after its members. */
  readonly rank: number;
  readonly group: GroupSpec | null;
}

/** An edge of the dependency graph: the item (or gate) at the other end and the weight it carries. */
export interface Link {
  readonly to: number;
  readonly weight: number;
}

/** What a group adds to its gate, with defaults filled in. */
export interface GroupSpec {
  readonly downDelayMs: number;
  readonly upDelayMs: number;
  readonly startDelayMs: number;
  readonly startHoldMs: number;
  readonly dampening: Readonly<Required<DampeningConfig>> | null;
  /** Once down, it comes up only after a `restore`. */
  readonly manual: boolean;
  /** Source numbers in the requirement, without those of other groups. */
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
}

/** A destination. If several groups name it, the strictest settings apply. */
export interface Target {
  readonly id: string;
  /** The numbers of its groups. */
  readonly groups: readonly number[];
  /** A group has `enforce: down` or `always`: if another program raises it, it is set down again. */
  readonly hard: boolean;
  /** A group has `enforce: always`: if another program sets it down, it is raised again. */
  readonly always: boolean;
  /** A group has `raise: owned`: it is raised only if we set it down. */
  readonly owned: boolean;
}

/** A policy with its indexes. */
export interface Compiled extends Policy {
  readonly gates: readonly Gate[];
  readonly targets: readonly Target[];
  /** For each source, the gates it is a member of. */
  readonly readers: readonly (readonly Link[])[];
  readonly sourceIndex: Readonly<Record<string, number>>;
  readonly groupIndex: Readonly<Record<string, number>>;
  readonly targetIndex: Readonly<Record<string, number>>;
}

/** The value under a name from outside: never an inherited one such as `constructor`. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
