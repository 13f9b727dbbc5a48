/** What the host asks of the agent in the guest. */
export type Request =
  /** Runs a program and waits for it. */
  | { readonly do: 'run'; readonly argv: readonly string[] }
  /** Starts a program and goes on; its lines are sent as they come. */
  | { readonly do: 'start'; readonly argv: readonly string[] }
  | { readonly do: 'signal'; readonly pid: number; readonly signal: NodeJS.Signals }
  /** Makes a tap interface and sets its carrier. */
  | {
      readonly do: 'tap';
      readonly name: string;
      readonly carrier: boolean;
      /** Default: `tap`. */
      readonly kind?: 'tap' | 'tun';
    }
  /** Removes a tap interface. */
  | { readonly do: 'untap'; readonly name: string }
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  | { readonly do: 'read'; readonly path: string };

/** How a request ended. */
export interface Answer {
  readonly id: number;
  /** Exit code, or process id; 0 where there is neither. */
  readonly status: number;
  readonly output: string;
  /** What went wrong; '' for nothing. */
  readonly error: string;
  /** When it began, by the clock of the guest: milliseconds since the epoch. */
  readonly atMs: number;
}

/** What the agent sends by itself. */
export type Observation =
  /** The agent is ready. */
  | { readonly see: 'ready'; readonly node: string }
  /** A message of the kernel about a link, on a socket of the agent's own. */
  | {
      readonly see: 'link';
      /** Milliseconds of CLOCK_MONOTONIC, which stands still in a sleep. */
      readonly at: number;
      readonly gone: boolean;
      readonly name: string;
      readonly flags: number;
      /** The datagram, as hexadecimal digits. */
      readonly bytes: string;
    }
  /** A line of a program that was started. */
  | { readonly see: 'line'; readonly pid: number; readonly text: string }
  | { readonly see: 'ended'; readonly pid: number; readonly how: string };
