/** Counts of a watch since it started. Live: read them again for newer figures. */
export interface LinkCounters {
  /** Messages of the system that were read, with those of lists. */
  readonly messages: number;
  /** Messages among them about links that are not of interest: only their index was read. */
  readonly skipped: number;
  /** Complete snapshots, with the first one. */
  readonly snapshots: number;
  /** Reports of the system that it dropped messages. */
  readonly overruns: number;
  /** Lists that were requested again because links changed meanwhile. */
  readonly interrupted: number;
  /** Requests for a list that the system refused. */
  readonly refused: number;
  /** Messages of a sender that is not the kernel, which are ignored. */
  readonly foreign: number;
  /** Datagrams that did not fit in the receive buffer, which then grew. */
  readonly truncated: number;
  /** Messages that could not be decoded. */
  readonly bad: number;
}

/** Counters to be counted up. */
export type MutableCounters = { -readonly [Name in keyof LinkCounters]: number };

/** Counters with the value 0. */
export function zeroCounters(): MutableCounters {
  return {
    messages: 0,
    skipped: 0,
    snapshots: 0,
    overruns: 0,
    interrupted: 0,
    refused: 0,
    foreign: 0,
    truncated: 0,
    bad: 0,
  };
}
