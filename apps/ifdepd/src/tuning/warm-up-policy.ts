import { compile, type Policy } from '@ifdepd/policy';

/** Names of each kind that a rehearsal is about: as much code runs with few as with many. */
const FEW = 4;

/**
 * The policy itself where it is small; else one of the same kind with few sources and destinations: what a round of
 * a rehearsal costs must not grow with the configuration.
 */
export function warmUpPolicy(policy: Policy): Policy {
  const { groups, sources, destinations, config } = policy;
  const [first] = groups;
  if (first === undefined || Math.max(groups.length, sources.length, destinations.length) <= FEW) {
    return policy;
  }
  // No loop: some sources are no destinations.
  const lowered = new Set(destinations);
  const all = sources.filter((id) => !lowered.has(id)).slice(0, FEW);
  // The delays and the dampening are those of a group that there is: their code is part of its failover.
  const group = { ...config.groups[first], require: { all }, destinations: destinations.slice(0, FEW) };
  return compile({ groups: { [first]: group } });
}
