import type { Explanation, Status } from '@ifdepd/policy';
import { nextTurn } from '../system/next-turn.ts';

/** What a state is at one moment, and why. */
export interface Explainer {
  readonly status: Status;
  /** Groups and destinations of these names. */
  explain(only: ReadonlySet<string>): Explanation;
}

/** Names that are explained between two looks at the event loop: what is explained of each takes some 50 µs. */
const PART = 100;

/** What is explained: all of what was asked for, of one and the same moment. */
export type Explained = Pick<Explanation, 'groups' | 'destinations'>;

/**
 * Explains groups and destinations, as many as they are, without holding the event loop.
 *
 * @param concerns whether a group or a destination is asked for. Default: all are
 */
export async function explainParts(
  daemon: { explainer(): Explainer },
  concerns: (name: string, status: Status) => boolean = () => true,
): Promise<Explained> {
  const { status, explain } = daemon.explainer();
  const named = [...status.groups.map(({ name }) => name), ...status.destinations.map(({ id }) => id)];
  const asked = [...new Set(named)].filter((name) => concerns(name, status));
  const parts: Explained[] = [];
  for (let at = 0; at < asked.length; at += PART) {
    parts.push(explain(new Set(asked.slice(at, at + PART))));
    await nextTurn();
  }
  return {
    groups: parts.flatMap(({ groups }) => groups),
    destinations: parts.flatMap(({ destinations }) => destinations),
  };
}
