/** Code that reads bytes from outside. It throws if it does not handle them. */
export interface FuzzTarget {
  readonly fuzz: (input: Uint8Array) => void | Promise<void>;
  /** Valid inputs to start with. */
  readonly seeds: readonly Uint8Array[];
  /** Removes the files that it has written. */
  readonly end?: () => void;
}

/** Inputs that earlier runs found, in base64. */
export interface Corpus {
  /** The smallest set of inputs that reaches all code that any input reached. */
  readonly corpus: readonly string[];
  /** Inputs that failed once. */
  readonly regressions: readonly { readonly why: string; readonly input: string }[];
}

/** Makes tests that feed the seeds, the corpus and the regressions of a target to it. */
export function replay(folder: URL, name: string, target: FuzzTarget): void;
