/** What a host is told to do to itself. */
export interface HostOrder {
  readonly cable: string;
  readonly state: 'up' | 'down';
}

/** What a host tells after each event. */
export interface HostReport {
  readonly type: 'state';
  /** Of carp0 and carp1: `init`, `backup` or `master`. */
  readonly carps: readonly string[];
  /** Whether they are administratively up. */
  readonly up: readonly boolean[];
  /** Of the group. */
  readonly phase: string;
}

/** A line of its log. */
export interface HostLog {
  readonly type: 'log';
  readonly message: string;
}
