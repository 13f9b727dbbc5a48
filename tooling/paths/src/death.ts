/** A source of the daemon that has to notice a death. */
export interface LabSource {
  /** Its kind, as the table shows it. */
  readonly name: string;
  /** What a group requires in the file: an interface, or the settings of a probe or a check. */
  readonly require: string | { readonly probe: object } | { readonly check: object };
  /** Milliseconds between two probes, by which the time until it is noticed is measured; null where the kernel reports it. */
  readonly everyMs: number | null;
  /** How many probes may pass until it is noticed: three, or those of a window of results. */
  readonly within: number;
}

/** A path, made for one death alone. */
export interface Site extends Disposable {
  readonly sources: readonly LabSource[];
  /** Lets the path die. */
  kill(): void | Promise<void>;
  /** Makes it whole again. */
  mend(): void | Promise<void>;
}

/** What a site is made with. */
export interface Plot {
  /** From 1: its interface is `eth` and this number. */
  readonly at: number;
  /** Milliseconds between two probes, where the death asks for no other pace. */
  readonly everyMs: number;
  /** A folder for its files. */
  readonly folder: string;
}

/** A way in which a path dies. */
export interface Death {
  /** Its number in the list of twelve. */
  readonly number: number;
  readonly name: string;
  /** Why this machine cannot make it; null where it can. */
  fault?(): string | null;
  /** Makes the path, which is whole. */
  make(plot: Plot): Promise<Site>;
}

/** A probe with the defaults: two failures in a row, and a timeout as long as its interval. */
export function probe(kind: string, settings: object, everyMs: number): LabSource {
  return { name: kind, require: { probe: { ...settings, every: `${everyMs}ms` } }, everyMs, within: 3 };
}
