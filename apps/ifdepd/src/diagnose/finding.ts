/** A fact about this host that the author of the configuration should know. */
export interface Finding {
  /** `error`: the daemon does not start with it. */
  readonly level: 'error' | 'warning';
  readonly code:
    | 'missing'
    | 'no-protodown'
    | 'kernel-loop'
    | 'ipv6-flushed'
    | 'default-route'
    | 'routes-lost'
    | 'neighbours-lost'
    | 'carrier-stays'
    | 'raised-with-it'
    | 'never-fails'
    | 'this-session'
    | 'managed'
    | 'held'
    | 'low-already'
    | 'no-program'
    | 'open-program'
    | 'unwritable'
    | 'no-address'
    | 'not-required'
    | 'no-way'
    | 'matches-nothing'
    | 'left-out'
    | 'no-function'
    | 'sandbox';
  /** The interface it is about, the program, the check, or the pattern. */
  readonly subject: string;
  /** One sentence, without the subject. */
  readonly message: string;
}

/** A finding about a destination, without its name. */
export type Warning = readonly [code: Finding['code'], message: string];

/** How many names a message lists. */
export const MOST_NAMES = 5;
