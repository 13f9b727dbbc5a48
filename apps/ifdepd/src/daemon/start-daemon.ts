import { loadLibc } from '@ifdepd/libc';
import type { LinkWatch } from '@ifdepd/linkwatch';
import type { LinkSensor } from '@ifdepd/linkwatch/linux';
import { compiled } from '../config/compiled-policy.ts';
import { actuator, assisted, dryActuator } from '../engine/actuator.ts';
import { type ThingMaker, thingMaker } from '../engine/bindings.ts';
import { type DaemonRules, interestOf } from '../engine/daemon-rules.ts';
import { eventFeed } from '../engine/event-feed.ts';
import { type LoweredInterfaces, loweredInterfaces } from '../engine/lowered-interfaces.ts';
import { noteFailures } from '../engine/note-failures.ts';
import { pendingEvents } from '../engine/pending-events.ts';
import { PendingLosses } from '../engine/pending-losses.ts';
import { type Decision, type PolicyLoop, policyLoop } from '../engine/policy-loop.ts';
import type { AskingPoll } from '../engine/poll.ts';
import { prepareDestinations } from '../engine/prepare-destinations.ts';
import { readAgain } from '../engine/read-again.ts';
import { watched } from '../engine/readings.ts';
import { rememberedDestinations } from '../engine/remembered-destinations.ts';
import { linkHealth, mediaOf, sourceHealth } from '../engine/sources/index.ts';
import { orNull } from '../identity/interfaces-now.ts';
import { type CarrierCounts, carrierCounts } from '../linux/early-loss/carrier-counts.ts';
import { type CarrierProbe, carrierProbe } from '../linux/early-loss/carrier-probe.ts';
import type { KernelFailover } from '../linux/kernel-failover/kernel-failover.ts';
import { prepareKernelFailover } from '../linux/kernel-failover/prediction.ts';
import { enforcementOf } from '../report/foreign-changes.ts';
import { passedLine } from '../report/passed-line.ts';
import { report } from '../report/report.ts';
import { resyncLine } from '../report/resync-line.ts';
import { openKernel } from '../system/kernel.ts';
import { warmUp } from '../tuning/warm-up.ts';
import type { Daemon, DaemonOptions } from './daemon.ts';
import { catchUp, hearLinks } from './hear-links.ts';
import { daemonPoll } from './prepare-poll.ts';

/** Milliseconds for destinations that are still to be set when the daemon stops. */
const FINISH_MS = 500;

/**
 * Starts to watch, decides on what is there and applies it, all before it returns.
 *
 * The order matters: the event socket is open before the interfaces are read, so nothing falls between; destinations
 * are read in the same moment as sources, so nothing is written that is right already.
 *
 * @throws {PolicyError} where the policy is not valid
 * @throws {SystemError} where the interfaces cannot be watched or read
 */
export function startDaemon(options: DaemonOptions): Daemon {
  const policy = compiled(options.policy);
  const { libc = loadLibc(), dryRun = false, observe } = options;
  let rules: DaemonRules = options;
  let enforcement = enforcementOf(rules.policy);
  let remembered = rememberedDestinations(rules);
  const lines = report(options.log, dryRun ? 'would be set' : 'set', (id) => enforcement(id));
  const failures = new Map<string, Error>();
  const passedLosses = new Map<string, number>();
  const kernel = openKernel(libc, options.tables);
  const { netif } = kernel;
  let watch: LinkWatch | undefined;
  let polling: AskingPoll | undefined;
  let deciding: PolicyLoop | undefined;
  let probing: CarrierProbe | undefined;
  let counts: CarrierCounts | undefined;
  let sensor: LinkSensor | null = null;
  let rereading: Disposable | undefined;
  let reloading = false;
  let endWarmUp: (() => void) | undefined;
  let kernelFailover: KernelFailover | null = null;
  let noteLowered: LoweredInterfaces['note'] = () => {};

  function close(): void {
    endWarmUp?.();
    quiesce();
    rereading?.[Symbol.dispose]();
    probing?.[Symbol.dispose]();
    counts?.[Symbol.dispose]();
    sensor?.[Symbol.dispose]();
    polling?.[Symbol.dispose]();
    deciding?.[Symbol.dispose]();
    watch?.close();
    netif.close();
    lines.flush();
  }

  function quiesce(): void {
    kernelFailover?.close();
    kernelFailover = null;
    // What has happened is told before what follows.
    lines.flush();
  }

  function tell(decision: Decision): void {
    noteFailures(failures, decision.outcomes);
    if (decision.outcomes.length > 0) {
      probing?.acted();
      noteLowered(decision.outcomes);
    }
    kernelFailover?.afterDecision();
    lines.decision(decision);
    observe?.(decision);
  }

  try {
    const { earlyLoss: mode = 'auto' } = options;
    sensor = mode === 'auto' ? kernel.openSensor() : null;
    const interest = interestOf(options, policy, netif.features);
    const links = kernel.watchLinks(interest);
    watch = links;
    const thingsOf: ThingMaker = thingMaker({ libc, netif }, options.kept, options.leftAlone);
    let things = thingsOf(options, policy);
    const judge = sourceHealth(() => things.sources, { links, netif });
    const losses = new PendingLosses((id) => judge(id).health !== 'active' || desk.lost(id));
    const carrierChanges = carrierCounts({
      link: (id) => links.lookUp(id),
      open: kernel.openCarrierCounter,
    });
    counts = carrierChanges;
    const carriers = carrierProbe({
      // Only Linux holds carrier news back, and only its messages are held back.
      mode: links.backend === 'rtnetlink' ? mode : 'off',
      sensor,
      sources: () => things.carriers,
      isActive: (id) => judge(id).health === 'active',
      counts: carrierChanges,
      read: (id) => mediaOf(netif, names.nameOf(id)),
      believe(id, health) {
        losses.believe(id, health);
        feed.feedSource(id);
      },
    });
    probing = carriers;
    const poll = daemonPoll({
      netif,
      links,
      names: () => names,
      things: () => things,
      mode,
      dryRun,
      engine: () => engine,
      feed: () => feed,
    });
    polling = poll;
    const lowered = loweredInterfaces((id) => (links.lookUp(id) ?? orNull(() => netif.resolve(id)))?.index);
    noteLowered = lowered.note;
    const again = readAgain((id) => feed.feedDestination(id));
    rereading = again;
    const names = watched(() => things, links, judge, {
      lossOf: (id) => losses.lossOf(id),
      owned: options.owned,
      returned: lowered.has,
      unreadable: again.add,
    });
    const desk = pendingEvents(() => things, links, names);
    const acting = dryRun
      ? dryActuator()
      : actuator(
          (id) => things.destinations.get(id),
          options.intend,
          (id) => remembered.has(id),
        );
    const engine = policyLoop({
      policy,
      actuator: assisted(acting, (id) => losses.takeLowered(id)),
      tell,
      now: options.now,
      goOn: options.goOn,
      look,
      rest() {
        feed.readRest();
        if (!engine.busy) {
          losses.fed();
        }
      },
    });
    deciding = engine;
    const feed = eventFeed({
      engine,
      desk,
      losses,
      names,
      links,
      things: () => things,
      passed(id, losses) {
        passedLosses.set(id, (passedLosses.get(id) ?? 0) + losses);
        lines.line(passedLine(id, losses));
      },
    });
    if (options.kernelFailover === true && !dryRun) {
      kernelFailover = prepareKernelFailover({
        kernel,
        links,
        things: () => things,
        rules: () => rules,
        engine: () => engine,
        isSettled,
        acted: (act) => losses.add(act),
      });
    }
    if (!dryRun) {
      prepareDestinations(things.destinations, failures, lines.line);
    }

    /** Feeds what the kernel has reported by now, and what it has done by itself. */
    function look(): boolean {
      kernelFailover?.beforeEvent();
      return catchUp(links, losses);
    }

    /** The same before something that does not wait for messages: a loss whose message is unread is fed by itself. */
    function settle(): void {
      look();
      for (const id of losses.unread()) {
        feed.feedSource(id);
      }
    }

    function isSettled(): boolean {
      if (losses.unread().length > 0) {
        look();
      }
      return !engine.busy && losses.unread().length === 0;
    }

    hearLinks({
      links,
      desk,
      losses,
      feed,
      engine,
      carriers,
      kernelFailover: () => kernelFailover,
      isWaiting: () => reloading,
      told(event) {
        if (event.type === 'snapshot' && event.cause !== 'start' && !reloading) {
          lines.line(resyncLine(event.cause));
        }
        // What is rehearsed has begun.
        endWarmUp?.();
        endWarmUp = undefined;
      },
      fed: () => links.backend === 'route-socket' && setImmediate(poll.heard),
    });

    lines.flush();
    if (options.goOn !== undefined) {
      for (const { name, phase } of engine.status().groups) {
        lines.inPhase(name, phase);
      }
    }
    if (options.warmUp === true) {
      endWarmUp = warmUp(policy, kernel);
    }

    return {
      platform: libc.target.platform,
      backend: links.backend,
      links,
      linkCounters: links.counters,
      get status() {
        return engine.status();
      },
      explainer: () => engine.explainer(),
      get explanation() {
        return engine.explain();
      },
      saved: () => engine.serialize(),
      failures,
      passedLosses,
      earlyLoss: carriers,
      get kernelFailover() {
        return kernelFailover;
      },
      healthOf: (link) => linkHealth(link, netif),
      driverOf: (id) => things.destinations.get(id),
      feed(event) {
        if (event.type === 'source' && things.others.has(event.source.id)) {
          things = { ...things, others: new Map(things.others).set(event.source.id, event.source) };
        }
        // What the kernel has done by now came before it.
        settle();
        engine.feed(event);
      },
      reload(replacing, letGo = () => {}) {
        const next = compiled(replacing.policy);
        // What the kernel has done by now it did for the rules that end here.
        settle();
        // What these two bring to light is not for the rules that end here; below everything is read.
        reloading = true;
        try {
          letGo();
          links.setInterest(interestOf(replacing, next, netif.features));
        } finally {
          reloading = false;
        }
        things = thingsOf(replacing, next, things.others);
        if (!dryRun) {
          prepareDestinations(things.destinations, failures, lines.line);
        }
        rules = replacing;
        enforcement = enforcementOf(rules.policy);
        remembered = rememberedDestinations(rules);
        engine.replace(next);
        // What is new has to be read; what is not, may be.
        feed.feedAll();
        carriers.heard();
      },
      resync: () => links.resync(),
      quiesce() {
        settle();
        quiesce();
        deciding?.finish(FINISH_MS);
        lines.flush();
      },
      close,
      [Symbol.dispose]: close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
