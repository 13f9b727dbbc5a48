import { compiled } from '../config/compiled-policy.ts';
import type { DaemonRules } from '../engine/daemon-rules.ts';
import type { Daemon } from './daemon.ts';
import type { DaemonParts } from './daemon-parts.ts';

/** Milliseconds for destinations that are still to be set when the daemon stops. */
const FINISH_MS = 500;

/**
 * What a daemon made of these parts can be asked to do.
 *
 * @param events its link events
 * @param prepare brings destinations into a state that can be read
 */
export function daemonOf(
  parts: DaemonParts,
  events: ReturnType<DaemonParts['listen']>,
  prepare: () => void,
  close: () => void,
): Daemon {
  const { bindings, kernel, kernelFailover, lines, links, loop, losses, feed, parents, probe, state } = parts;

  let quiet = false;

  /** Before something that does not wait for messages: a loss whose message is unread is fed by itself. */
  function settle(): void {
    parts.look();
    for (const id of losses.unread()) {
      feed.feedSource(id);
    }
  }

  function replace(rules: DaemonRules, letGo: () => void): void {
    const policy = compiled(rules.policy);
    // The kernel has acted so far for the rules that end here.
    settle();
    events.hold(() => {
      letGo();
      bindings.replace(rules, policy);
      links.setInterest([...bindings.now.interest, ...parents.names]);
    });
    prepare();
    loop.replace(policy);
    lines.restate();
  }

  function readAll(): void {
    feed.feedAll();
    probe.heard();
    parts.watchedPrograms.askAll();
    events.followParents();
  }

  return {
    platform: kernel.libc.target.platform,
    backend: links.backend,
    links,
    linkCounters: links.counters,
    get status() {
      return state.status();
    },
    explainer: state.explainer,
    get explanation() {
      return state.explain();
    },
    saved: state.serialize,
    get busy() {
      return loop.busy;
    },
    failures: parts.failures,
    passedLosses: parts.passedLosses,
    earlyLoss: probe,
    get kernelFailover() {
      return quiet ? null : kernelFailover;
    },
    failoverCover: (group) => (quiet ? null : parts.coverOf(group)),
    driverOf: (id) => bindings.now.destinations.get(id),
    feed(event) {
      if (event.type === 'source') {
        bindings.noteFed(event.source);
      }
      settle();
      loop.feed(event);
    },
    foresee: (rules) => bindings.foresee(rules, compiled(rules.policy)),
    replace,
    readAll,
    reload(rules, letGo = () => {}) {
      replace(rules, letGo);
      readAll();
    },
    resync() {
      links.resync();
      parts.watchedPrograms.askAll();
    },
    quiesce() {
      settle();
      kernelFailover?.close();
      quiet = true;
      // Past decisions are reported before those that follow.
      lines.flush();
      loop.finish(FINISH_MS);
      lines.flush();
    },
    close,
    [Symbol.dispose]: close,
  };
}
