import type { LinkRecord } from '@ifdepd/linkwatch';
import type { Settings } from '../config/settings.ts';
import type { Topology } from './dependents.ts';
import type { Finding } from './finding.ts';
import { type Loop, loopsOf, type SetDowns } from './loops.ts';

/**
 * Destinations whose failure the kernel makes its own cause, by id.
 *
 * @param sources the id of each source that is an interface, and which one
 */
export function loopFindings(
  settings: Settings,
  topology: Topology,
  set: SetDowns,
  sources: readonly (readonly [string, LinkRecord])[],
): ReadonlyMap<string, readonly Finding[]> {
  const indices = new Map(sources.map(([id, { index }]) => [id, index]));
  const found = new Map<string, readonly Finding[]>();
  for (const loop of loopsOf(settings, topology, set, (id) => indices.get(id))) {
    const subject = loop.destination;
    found.set(subject, [{ level: 'warning', code: 'kernel-loop', subject, message: messageOf(loop) }]);
  }
  return found;
}

function messageOf({ words, source, others, kind, alone }: Loop): string {
  const when = alone ? 'when it is set down' : 'when it is set down together with the others';
  const sources =
    others === 0 ? source : `${source} and ${others} more ${others === 1 ? 'source' : 'sources'}`;
  const verb = others === 0 ? 'fails' : 'fail';
  return kind === 'latched'
    ? `${words}: ${when}, ${sources} ${verb}, and ${others === 0 && alone ? 'both' : 'all'} stay down for ever`
    : `${words}: ${when}, ${sources} ${verb}, and that sets it up again, without end`;
}
