import type { NetIf } from '@ifdepd/netif';
import type { Policy } from '@ifdepd/policy';
import { actuator } from '../engine/actuator.ts';
import { bind } from '../engine/bindings.ts';
import type { DestinationDriver } from '../engine/destinations/index.ts';
import { idsIn } from '../engine/pending-events.ts';
import { policyLoop } from '../engine/policy-loop.ts';
import { policyState } from '../engine/policy-state.ts';
import { readings, reportedHealth } from '../engine/readings.ts';
import { report } from '../report/report.ts';
import { monotonicNow } from '../system/clock.ts';
import type { Kernel } from '../system/kernel.ts';
import { warmUpPolicy } from './warm-up-policy.ts';

/** Rounds of a rehearsal: enough for all that is used to be compiled, and to know what it will be called with. */
const ROUNDS = 300;

/** Milliseconds that all rounds together may take. */
const LONGEST_MS = 250;

/** Messages up to which the list of all links is read in each round; beyond, in the first round alone. */
const FEW_MESSAGES = 32;

/**
 * Goes through the motions of a failover again and again, and changes nothing.
 *
 * A daemon that has waited for weeks reacts for the first time when it matters, with code that has never run: read,
 * compiled and interpreted within that millisecond. Here the same functions run over a policy state, a link watch and a
 * log of their own, and over interfaces that are read and never written.
 *
 * What it costs is bounded, whatever the policy: a round goes through a small one ({@link warmUpPolicy}), and there are
 * rounds for as long as {@link LONGEST_MS} of their time.
 *
 * @param whole the policy of the daemon
 * @param kernel read, never written to
 * @returns a function that ends it early: something has happened
 */
export function warmUp(whole: Policy, kernel: Kernel): () => void {
  const { netif } = kernel;
  const policy = warmUpPolicy(whole);
  const rules = { policy: policy.config };
  const bound = bind(rules, policy, { libc: kernel.libc, netif }).now;
  const drivers = new Map(policy.destinations.map((id) => [id, readOnly(netif, id)]));
  const bindings = { now: { ...bound, destinations: drivers } };
  const nobody = { write: () => undefined, close: () => Promise.resolve() };
  const watch = kernel.watchLinks(bound.interest);
  const listed = watch.counters.messages;
  const read = readings(bindings, reportedHealth(bindings, { links: watch, netif }));
  const state = policyState(policy);
  const loop = policyLoop({ state, actuator: actuator((id) => drivers.get(id)) });
  loop.subscribe({ decided: report(nobody).decision });
  loop.feed(read.snapshot());
  let round = 0;
  let spentMs = 0;
  let ended = false;
  let next = setImmediate(once);

  /** One round between two looks at the event loop: a real event never waits for more than a fraction of a millisecond. */
  function once(): void {
    const began = monotonicNow();
    if (listed <= FEW_MESSAGES) {
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
    spentMs += monotonicNow() - began;
    if (round < ROUNDS && spentMs < LONGEST_MS) {
      next = setImmediate(once);
    } else {
      end();
    }
  }

  function end(): void {
    if (!ended) {
      ended = true;
      clearImmediate(next);
      loop[Symbol.dispose]();
      watch.close();
    }
  }

  return end;
}

/** Reads the interface as often as setting it would, and says that it was set. */
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
