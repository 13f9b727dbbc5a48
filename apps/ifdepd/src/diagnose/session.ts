import { inOurNamespace, type Read } from './read.ts';

/** Both ends of the session that a program was started from. */
export interface Session {
  /** The address that it came in to. */
  readonly ours: string;
  /** The address that it came from. */
  readonly theirs: string;
}

/**
 * The session that this program was started from: SSH_CONNECTION (their address and port, ours and port). sudo(8) takes
 * the variable out of the environment, but not out of that of its own ancestors. A session that came in to another
 * network namespace is none here: the eldest ancestor that has the variable is still in that one.
 */
export function sessionOf(
  read: Read,
  environment: Readonly<Record<string, string | undefined>>,
  ancestors: readonly number[],
): Session | null {
  const connections = ancestors.map((pid) => ({
    pid,
    connection: /(?:^|\0)SSH_CONNECTION=([^\0]*)/.exec(read(`/proc/${pid}/environ`))?.[1],
  }));
  const connection = environment['SSH_CONNECTION'] ?? connections.find((one) => one.connection)?.connection;
  const [theirs, , ours] = connection?.split(' ') ?? [];
  if (theirs === undefined || ours === undefined) {
    return null;
  }
  const eldest = connections.findLast((one) => one.connection === connection)?.pid;
  return eldest === undefined || inOurNamespace(read, [eldest]) ? { ours, theirs } : null;
}
