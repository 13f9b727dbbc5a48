/** What became of one probe. */
export type ProbeResult =
  /** An answer came. `rttMs`: milliseconds from the request to the answer. */
  { readonly type: 'answered'; readonly rttMs: number } | ProbeFailure;

/** A probe without the answer that was wanted. `why`: in words, such as `connection refused (ECONNREFUSED)`. */
export type ProbeFailure =
  /** No answer came in time. */
  | { readonly type: 'unanswered' }
  /** The other end answered that it will not: a refused connection, HTTP 500, SERVFAIL. */
  | { readonly type: 'refused'; readonly why: string }
  /** This system has no path to the other end: no route, no interface, no source address. */
  | { readonly type: 'unreachable'; readonly why: string }
  /** This system could not send: a firewall, no buffers, a right that is missing. It says nothing about the other end. */
  | { readonly type: 'unsent'; readonly why: string };
