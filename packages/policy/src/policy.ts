import type { DampeningConfig, PolicyConfig } from './config.ts';

/**
 * A compiled configuration: immutable, reusable for any number of states. Made by `compile`. Plain JSON data: compile it
 * when you build, ship it as JSON, and only `start` and `step` have to be there when it runs.
 */
export interface Policy {
  /** What it was compiled from. */
  readonly config: PolicyConfig;
  /** Identifies a configuration; a state belongs to one. */
  readonly fingerprint: string;
  /** Group names in the order of the configuration. */
  readonly groups: readonly string[];
  /** Every source id named, in the order of first mention. */
  readonly sources: readonly string[];
  /** Every destination id named, in the order of first mention: also the order of effects. */
  readonly destinations: readonly string[];
}

/**
 * Everything that is evaluated is a gate: active when the weights of its active members reach `at`, failed when what
 * is not failed stays under `below`. `all` of n is at n, `any` is at 1, `not` is at 1 and inverted.
 * A group is the gate at the root of its requirement, seen through its phase.
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
  /** Its place in the order of evaluation: after that of its members. */
  readonly rank: number;
  readonly group: GroupSpec | null;
}

/** An edge of the dependency graph: the item (or gate) at the other end and the weight it carries. */
export interface Link {
  readonly to: number;
  readonly weight: number;
}

/** What a group adds to its gate; every knob resolved. */
export interface GroupSpec {
  readonly downDelayMs: number;
  readonly upDelayMs: number;
  readonly startDelayMs: number;
  readonly startHoldMs: number;
  readonly dampening: Readonly<Required<DampeningConfig>> | null;
  /** Source numbers in the requirement, without those of other groups. */
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
}

/** A destination; of several groups that name it the strictest has its way. */
export interface Target {
  readonly id: string;
  /** The numbers of its groups. */
  readonly groups: readonly number[];
  /** One of them says `enforce: down` or `always`: raised by somebody else, it is lowered again. */
  readonly hard: boolean;
  /** One of them says `enforce: always`: lowered by somebody else, it is raised again. */
  readonly always: boolean;
  /** One of them says `raise: owned`: raised only if we lowered it. */
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
