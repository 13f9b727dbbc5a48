import type { NetIf } from '@ifdepd/netif';
import { compile, type Policy } from '@ifdepd/policy';
import { actuator } from '../engine/actuator.ts';
import { bind } from '../engine/bindings.ts';
import type { DestinationDriver } from '../engine/destinations/index.ts';
import { idsIn } from '../engine/pending-events.ts';
import { policyLoop } from '../engine/policy-loop.ts';
import { policyState } from '../engine/policy-state.ts';
import { readings, reportedHealth } from '../engine/readings.ts';
import { report } from '../report/report.ts';
import type { Kernel } from '../system/kernel.ts';
import { realLoop } from '../system/loop.ts';

/**
 * Rounds after which V8 has compiled every function of a failover, and knows what it is called with. With more of them, V8 also
 * optimises the hottest: that loads its optimising compiler, 3 to 5 MB that stay, and makes the first failover no faster.
 */
const ROUNDS = 50;

/** Milliseconds that all rounds may take together. */
const LONGEST_MS = 250;

/** The first rounds read the list of links, as long as they have so many messages altogether: each is some 50 attributes. */
const MOST_MESSAGES = 16;

/** Sources, destinations and groups that take part at most: as much code runs with few as with many. */
const FEW = 4;

/**
 * Runs the code of a failover many times and changes nothing, so that the first real failover is fast. A daemon may
 * sleep for weeks; without the warm-up its first failover runs code that V8 has never compiled (1.2 ms instead of 0.45).
 *
 * The functions are the real ones. They work on a policy state, a link watch and a log of their own, and on interfaces that are
 * read and never written. The cost is bounded: a round runs a small policy ({@link warmUpPolicy}), and the rounds
 * end after {@link LONGEST_MS}.
 *
 * Issue: https://github.com/nodejs/node/issues/35711, a snapshot of a running program, which an addon rules out as yet
 * (docs/adr/2026-11-22-start-and-memory.md).
 * End: 2027-11-30, unless the first failover is still slower without it.
 *
 * @param whole the policy of the daemon
 * @param kernel read, never written to
 * @returns a function that ends it early: a real event has come
 */
export function warmUp(whole: Policy, kernel: Kernel): () => void {
  const { netif } = kernel;
  const policy = warmUpPolicy(whole);
  const rules = { policy: policy.config };
  const bound = bind(rules, policy, { libc: kernel.libc, netif }).now;
  const drivers = new Map(policy.destinations.map((id) => [id, readOnly(netif, id)]));
  const bindings = { now: { ...bound, destinations: drivers } };
  const noLog = { write: () => undefined, close: () => Promise.resolve() };
  const watch = kernel.watchLinks(bound.interest, false);
  const listed = watch.counters.messages;
  const read = readings(bindings, reportedHealth(bindings, { links: watch, netif }));
  const state = policyState(policy);
  const loop = policyLoop({ state, actuator: actuator((id) => drivers.get(id)) });
  loop.subscribe({ decided: report(noLog).decision });
  loop.feed(read.snapshot());
  let round = 0;
  let spentMs = 0;
  let ended = false;
  let next = realLoop.defer(once);

  /** One round for each turn of the event loop: a real event waits for a fraction of a millisecond at most. */
  function once(): void {
    const began = realLoop.now();
    if ((round + 1) * listed <= MOST_MESSAGES) {
      watch.resync();
    }
    for (const link of watch.links.values()) {
      idsIn({ type: 'changed', link, was: link }, bound.dependents, read.destination);
    }
    for (const id of policy.sources) {
      const failed = round % 2 === 0;
      const reading = { ...read.source(id), health: failed ? 'failed' : 'active' } as const;
      loop.feed({ type: 'source', source: reading });
    }
    round += 1;
    spentMs += realLoop.now() - began;
    if (round < ROUNDS && spentMs < LONGEST_MS) {
      next = realLoop.defer(once);
    } else {
      end();
    }
  }

  function end(): void {
    if (!ended) {
      ended = true;
      realLoop.cancel(next);
      loop[Symbol.dispose]();
      watch.close();
    }
  }

  return end;
}

/** Reads the interface as often as a write would, and reports that it was set. */
function readOnly(netif: NetIf, name: string): DestinationDriver {
  return {
    read: () => 'up',
    set(to) {
      netif.flags(name);
      netif.flags(name);
      return { changed: true, is: to };
    },
  };
}

/**
 * A small policy itself; of a large one its first group with {@link FEW} sources and destinations, so that the cost of a round
 * does not grow with the configuration.
 */
export function warmUpPolicy(policy: Policy): Policy {
  const { groups, sources, destinations, config } = policy;
  const [first] = groups;
  if (first === undefined || Math.max(groups.length, sources.length, destinations.length) <= FEW) {
    return policy;
  }
  // A source that is a destination too would make a loop.
  const lowered = new Set(destinations);
  const all = sources.filter((id) => !lowered.has(id)).slice(0, FEW);
  // Delays and dampening stay those of the group: their code is part of its failover.
  const group = { ...config.groups[first], require: { all }, destinations: destinations.slice(0, FEW) };
  return compile({ groups: { [first]: group } });
}
