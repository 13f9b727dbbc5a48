import type { Explanation, Status } from '@ifdepd/policy';
import { nextTurn } from '../system/loop.ts';

/** A state of the policy, and why it is so. */
export interface Explainer {
  readonly status: Status;
  /** Groups and destinations of these names. */
  explain(only: ReadonlySet<string>): Explanation;
}

/** Names that are explained before the event loop goes on: each takes some 50 µs. */
const PART = 100;

/** Everything that was asked for, of one and the same state. */
export type Explained = Pick<Explanation, 'groups' | 'destinations'>;

/**
 * Explains any number of groups and destinations without holding the event loop.
 *
 * @param concerns whether a group or a destination is asked for. Default: all are
 */
export async function explainParts(
  daemon: { explainer(): Explainer },
  concerns: (name: string, status: Status) => boolean = () => true,
): Promise<Explained & Pick<Explainer, 'status'>> {
  const { status, explain } = daemon.explainer();
  const named = [...status.groups.map(({ name }) => name), ...status.destinations.map(({ id }) => id)];
  const asked = [...new Set(named)].filter((name) => concerns(name, status));
  const parts: Explained[] = [];
  for (let at = 0; at < asked.length; at += PART) {
    parts.push(explain(new Set(asked.slice(at, at + PART))));
    await nextTurn();
  }
  return {
    status,
    groups: parts.flatMap(({ groups }) => groups),
    destinations: parts.flatMap(({ destinations }) => destinations),
  };
}
