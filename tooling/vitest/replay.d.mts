/** Something that takes bytes from outside, and says by throwing that it has not coped with them. */
export interface FuzzTarget {
  readonly fuzz: (input: Uint8Array) => void | Promise<void>;
  /** Good inputs, to begin with. */
  readonly seeds: readonly Uint8Array[];
  /** Takes away what it has written. */
  readonly end?: () => void;
}

/** What runs have left, in base64. */
export interface Corpus {
  /** The least inputs that reach everything that was ever reached. */
  readonly corpus: readonly string[];
  /** What was once not coped with. */
  readonly regressions: readonly { readonly why: string; readonly input: string }[];
}

/** Makes tests that feed what a target knows to it. */
export function replay(folder: URL, name: string, target: FuzzTarget): void;
