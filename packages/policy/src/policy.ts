import type { PolicyConfig } from './config.ts';

/** A compiled configuration: immutable, reusable for any number of states. Made by `compile`. */
export interface Policy {
  /** What it was compiled from. */
  readonly config: PolicyConfig;
  /** Identifies configurations that mean the same; a state belongs to one. */
  readonly fingerprint: string;
  /** Group names in the order of the configuration. */
  readonly groups: readonly string[];
  /** Every source id named, in the order of first mention. */
  readonly sources: readonly string[];
  /** Every destination id named, in the order of first mention: also the order of effects. */
  readonly destinations: readonly string[];
}
