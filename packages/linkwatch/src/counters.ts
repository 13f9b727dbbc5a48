/** What a watch has seen since it started. Live: read it again for newer figures. */
export interface LinkCounters {
  /** Messages of the system that were looked at, lists included. */
  readonly messages: number;
  /** Messages among them about links outside of the interest: not read further than their index. */
  readonly skipped: number;
  /** Snapshots that were completed, the first one included. */
  readonly snapshots: number;
  /** How often the system said that it had to drop messages. */
  readonly overruns: number;
  /** Lists that links changed under, so that they were asked for again. */
  readonly interrupted: number;
  /** Requests for a list that the system refused. */
  readonly refused: number;
  /** Messages from a sender that is not the kernel: ignored. */
  readonly foreign: number;
  /** Datagrams that did not fit the receive buffer, which then grew. */
  readonly truncated: number;
  /** Messages that could not be understood. */
  readonly bad: number;
}

/** Counters that can be counted. */
export type MutableCounters = { -readonly [Name in keyof LinkCounters]: number };

/** All at 0. */
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
