import { loadLibc } from '@ifdepd/libc';
import type { GroupStatus, Policy } from '@ifdepd/policy';
import { actuator, assisted, dryActuator, reporting } from '../engine/actuator.ts';
import { bind, perRules } from '../engine/bindings.ts';
import { eventFeed } from '../engine/event-feed.ts';
import { loweredInterfaces } from '../engine/lowered-interfaces.ts';
import { pendingEvents } from '../engine/pending-events.ts';
import { PendingLosses } from '../engine/pending-losses.ts';
import { policyLoop } from '../engine/policy-loop.ts';
import { policyState } from '../engine/policy-state.ts';
import { poll } from '../engine/poll.ts';
import { programWatch } from '../engine/program-watch.ts';
import { readings, reportedHealth } from '../engine/readings.ts';
import { askMedia } from '../engine/sources/index.ts';
import { vlanParents } from '../engine/vlan-parents.ts';
import { weights } from '../engine/weights.ts';
import { carrierCounts } from '../linux/early-loss/carrier-counts.ts';
import { carrierProbe } from '../linux/early-loss/carrier-probe.ts';
import { failoverCover } from '../linux/kernel-failover/cover.ts';
import { negatedDestinations } from '../linux/kernel-failover/negation.ts';
import { prepareKernelFailover } from '../linux/kernel-failover/prediction.ts';
import { passedLine, resyncLine, weightLine } from '../report/decision-lines.ts';
import { enforcementOf } from '../report/foreign-changes.ts';
import { report } from '../report/report.ts';
import { openKernel, orNull } from '../system/kernel.ts';
import { realLoop } from '../system/loop.ts';
import type { DaemonOptions } from './daemon.ts';
import { catchUp, linkEvents } from './link-events.ts';

/** Keeps a part until the daemon is closed. */
export type Keep = <Part extends Disposable>(part: Part) => Part;

/** The parts of a daemon, wired: link event → readings → policy loop → actuator → kernel. */
export type DaemonParts = ReturnType<typeof openParts>;

/**
 * Opens the parts of a daemon, each with those before it. Nothing is read or decided yet.
 *
 * @param keep takes what is to be closed in the end, in the reverse order
 */
export function openParts(options: DaemonOptions, policy: Policy, keep: Keep) {
  const { libc = loadLibc(), dryRun = false, earlyLoss = 'auto', loop: eventLoop = realLoop } = options;
  const kernel = openKernel(libc, options.tables, eventLoop);
  const netif = keep(kernel.netif);
  const { programs, owned, presenceOf = (id) => (owned?.(id) === true ? 'unknown' : undefined) } = options;
  const tools = { libc, netif, presenceOf, ...(programs && { programs }) };
  const bindings = bind(options, policy, tools, options.undoValueOf, options.leftAlone);

  const enforcement = perRules(bindings, (rules) => enforcementOf(rules.policy));
  const { leftAlone = () => null } = options;
  const lines = report(
    options.log,
    dryRun ? 'would be set' : 'set',
    (id) => enforcement()(id),
    (id) => leftAlone(id) !== null,
    eventLoop,
  );
  keep({ [Symbol.dispose]: lines.flush });

  // Opened before the links are listed, so that it signals everything that happens after that.
  const sensor = earlyLoss === 'auto' ? kernel.openSensor() : null;
  const links = kernel.watchLinks(bindings.now.interest, options.waitForList);
  keep({ [Symbol.dispose]: () => links.close() });
  const host = { links, netif };
  const reported = reportedHealth(bindings, host);
  const isActive = (id: string) => reported(id).health === 'active';
  const events = pendingEvents(bindings, links, (id) => losses.noteRisen(id));
  const losses = new PendingLosses((id) => !isActive(id) || events.lost(id));
  // No interface has a '/' or a ':' in its name: that is a file, a function of a card, or programs.
  const lowered = loweredInterfaces((id) =>
    id.includes('/') || id.startsWith('exec:')
      ? undefined
      : (links.lookUp(id) ?? orNull(() => netif.resolve(id)))?.index,
  );
  const parents = vlanParents(bindings, links, () => orNull(netif.list));
  const read = readings(bindings, reported, {
    hasReopened: parents.hasReopened,
    lossOf: (id) => losses.lossOf(id),
    owned: owned && ((id) => owned(id) && !lowered.isReplaced(id)),
    found: lowered.noteFound,
    returned(id) {
      if (lowered.isReplaced(id)) {
        options.disowned?.(id);
      }
      return lowered.has(id);
    },
  });

  const state = policyState(policy, eventLoop.now, options.goOn);
  /** Whether a destination was set since the queue was read to its end: the message of that write is in it. */
  let wrote = false;
  /** How often messages were fed. */
  let feeds = 0;
  const kernelFailover =
    options.kernelFailover === true && !dryRun
      ? prepareKernelFailover({
          kernel,
          links,
          bindings,
          state,
          eventLoop,
          prepareIntents: options.prepareIntents ?? null,
          // What is read only now is fed, and arms again where that leaves nothing to be set.
          isSettled(reads) {
            const before = feeds;
            const settled = !losses.isBehind();
            if (!settled || wrote || reads) {
              wrote = false;
              catchUp(links, losses);
            }
            return settled && feeds === before;
          },
          acted(act) {
            losses.add(act);
            if (act.to === 'down') {
              lowered.noteActed(act.destinations);
            }
          },
        })
      : null;
  const negated = perRules(bindings, (rules) => negatedDestinations(rules.policy));
  const acting = dryRun
    ? dryActuator()
    : actuator(
        (id) => bindings.now.destinations.get(id),
        options.intend,
        (id) => bindings.now.remembered.has(id),
      );
  const weight = keep(
    weights({ bindings, state, eventLoop, changed: (change) => lines.line(weightLine(change)) }),
  );
  const loop = keep(
    policyLoop({
      state,
      actuator: reporting(assisted(weight.weighed(acting), losses), read.noteChanged),
      look,
      eventLoop,
    }),
  );
  const passedLosses = new Map<string, number>();
  const feed = keep(
    eventFeed({
      loop,
      events,
      losses,
      readings: read,
      links,
      bindings,
      eventLoop,
      passed(id, count) {
        passedLosses.set(id, (passedLosses.get(id) ?? 0) + count);
        lines.line(passedLine(id, count));
      },
    }),
  );
  const watchedPrograms = keep(programWatch({ bindings, state, loop, feed, eventLoop }));
  const polls = perRules(
    bindings,
    () =>
      links.backend === 'route-socket' ||
      [...bindings.now.sources.values()].some((one) => one.isSilent(host)),
  );
  const polling = keep(poll({ bindings, host, read, state, feed, mode: earlyLoss, dryRun, eventLoop }));
  keep({ [Symbol.dispose]: () => kernelFailover?.close() });
  if (sensor !== null) {
    keep(sensor);
  }
  const counts = keep(carrierCounts({ link: (id) => links.lookUp(id), open: kernel.openCarrierCounter }));
  const probe = keep(
    carrierProbe(
      {
        // Only Linux delays the report of a carrier, and only its messages are delayed.
        mode: links.backend === 'rtnetlink' ? earlyLoss : 'off',
        sensor,
        sources: () => bindings.now.carriers,
        isActive,
        counts,
        read: (id) => askMedia(netif, links.lookUp(id)?.name ?? id),
        isBehind: () => links.behind,
        believe: feed.believe,
      },
      eventLoop,
    ),
  );

  const failures = new Map<string, Error>();
  loop.subscribe({
    rested() {
      if (!dryRun) {
        weight.writeAll(loop);
      }
      if (!loop.busy) {
        losses.fed();
        kernelFailover?.afterDecision();
      }
    },
    decided(decision) {
      for (const { effect, error } of decision.outcomes) {
        if (error === null) {
          failures.delete(effect.destination);
        } else {
          failures.set(effect.destination, error);
        }
      }
      if (decision.outcomes.length > 0) {
        wrote = true;
        probe.acted();
        lowered.note(decision.outcomes);
        parents.noteOutcomes(decision.outcomes);
      }
      lines.decision(decision);
      options.observe?.(decision);
    },
  });

  let closed = false;
  keep({ [Symbol.dispose]: () => (closed = true) });

  /** Feeds what the kernel has reported by now, and what it has done by itself. */
  function look(): boolean {
    kernelFailover?.beforeEvent();
    return catchUp(links, losses);
  }

  /** Begins to read link events: with the first list the policy decides, and what follows is done. */
  function listen() {
    const listening = linkEvents({
      links,
      events: {
        ...events,
        note(event) {
          parents.note(event);
          events.note(event);
        },
      },
      losses,
      feed,
      probe,
      kernelFailover,
      received(event) {
        if (event.type === 'snapshot' && event.cause !== 'start') {
          lines.line(resyncLine(event.cause));
        }
      },
      fed() {
        feeds += 1;
        if (polls()) {
          eventLoop.defer(polling.linksChanged);
        }
        if (parents.stale) {
          eventLoop.defer(followParents);
        }
      },
    });

    /** Reads events of the links below VLANs that are destinations. */
    function followParents(): void {
      if (parents.stale && !closed && parents.find()) {
        listening.hold(() => links.setInterest([...bindings.now.interest, ...parents.names]));
        feed.feedEvents();
      }
    }

    followParents();
    return { ...listening, followParents };
  }

  return {
    kernel,
    bindings,
    lines,
    links,
    losses,
    state,
    loop,
    feed,
    probe,
    kernelFailover,
    coverOf: (group: GroupStatus) =>
      kernelFailover && failoverCover(group, kernelFailover, bindings.now, negated()),
    failures,
    parents,
    watchedPrograms,
    passedLosses,
    look,
    listen,
  };
}
