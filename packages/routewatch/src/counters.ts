/** Counts of a watch since it started. */
export interface RouteCounters {
  /** Messages of the system that were read, with those of lists. */
  readonly messages: number;
  /** Lists that were read whole. */
  readonly lists: number;
  /** Reports of the system that it dropped messages. */
  readonly overruns: number;
  /** Lists that were requested again because they changed meanwhile, or were not received whole. */
  readonly interrupted: number;
  /** Requests for a list that the system refused. */
  readonly refused: number;
  /** Messages that could not be decoded, or did not fit in the buffer. */
  readonly bad: number;
}

/** Counters to be counted up. */
export type MutableCounters = { -readonly [Name in keyof RouteCounters]: number };

export function zeroCounters(): MutableCounters {
  return { messages: 0, lists: 0, overruns: 0, interrupted: 0, refused: 0, bad: 0 };
}
