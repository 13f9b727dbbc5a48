import type { NetIf } from '@ifdepd/netif';
import type { Policy } from '@ifdepd/policy';
import { actuator } from '../engine/actuator.ts';
import type { DestinationDriver } from '../engine/destinations/index.ts';
import { policyLoop } from '../engine/policy-loop.ts';
import { watched } from '../engine/readings.ts';
import { sourceHealth, sourceOf } from '../engine/sources/index.ts';
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
  const interest = [...policy.sources, ...policy.destinations].flatMap(
    (id) => sourceOf(id, netif.features).names,
  );
  const nobody = { write: () => undefined, close: () => Promise.resolve() };
  const watch = kernel.watchLinks(interest);
  const listed = watch.counters.messages;
  const drivers = new Map(policy.destinations.map((id) => [id, readOnly(netif, id)]));
  const things = {
    sources: new Map(policy.sources.map((id) => [id, sourceOf(id, netif.features)])),
    carriers: new Set<string>(),
    others: new Map(),
    destinations: drivers,
    dependents: new Map(),
  };
  const names = watched(
    () => things,
    watch,
    sourceHealth(() => things.sources, { links: watch, netif }),
    { lossOf: () => null },
  );
  const lines = report(nobody);
  const engine = policyLoop({ policy, actuator: actuator((id) => drivers.get(id)), tell: lines.decision });
  engine.feed(names.snapshot());
  let round = 0;
  let spentMs = 0;
  let next = setImmediate(once);

  /** One round between two looks at the event loop: a real event never waits for more than a fraction of a millisecond. */
  function once(): void {
    const began = monotonicNow();
    if (listed <= FEW_MESSAGES) {
      watch.resync();
    }
    for (const link of watch.links.values()) {
      names.namesIn({ type: 'changed', link, was: link }, names.destination);
    }
    for (const id of policy.sources) {
      const failed = round % 2 === 0;
      const reading = { ...names.source(id), health: failed ? 'failed' : 'active' } as const;
      engine.feed({ type: 'source', source: reading });
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
    clearImmediate(next);
    engine[Symbol.dispose]();
    watch.close();
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
