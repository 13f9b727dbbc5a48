import { type ExplainReport, explainReport } from '../control/explain-report.ts';
import { type InterfaceReport, interfaceReportsInParts } from '../control/interface-report.ts';
import type { Control } from '../control/routes.ts';
import { statusReport } from '../control/status-report.ts';
import type { Daemon } from '../daemon/daemon.ts';
import { linkHealth } from '../engine/sources/index.ts';
import { listLinks, openKernel } from '../system/kernel.ts';
import { type WallClock, wallClock } from '../system/wall-clock.ts';
import { operate } from './operate.ts';
import { needsRestart, type Running } from './running.ts';

/**
 * What control clients may do with a daemon.
 *
 * @param reload given, not imported: it is in the file that every daemon loads, where it outlives an upgrade
 */
export function controlOf(running: Running, startedAt: Date, reload: Control['reload']): Control {
  const { daemon, metrics, journal } = running;
  const clock = wallClock(running.loop);
  return {
    status: () =>
      statusReport(
        daemon,
        running.settings.file,
        startedAt,
        metrics.actions,
        clock,
        running.probes?.numbers(),
      ),
    explain: (name) => explainByAnyName(daemon, name, clock),
    interfaces: () => everyInterface(running),
    policy: () => running.settings.policy,
    metrics: () => metrics.text(daemon, running.probes?.numbers()),
    events: () => journal.entries,
    follow: (listener) => journal.follow(listener),
    reload,
    settings: () => running.written,
    needsRestart: () => needsRestart(running),
    operate: (group, operation, forMs) => operate(running, group, operation, forMs),
  };
}

/** An interface may be asked about by another of its names than the one that its destination or source has here. */
async function explainByAnyName(
  daemon: Daemon,
  name: string | null,
  clock: WallClock,
): Promise<ExplainReport | null> {
  const report = await explainReport(daemon, name, clock);
  const link = report === null && name !== null ? daemon.links.lookUp(name) : undefined;
  for (const other of link === undefined ? [] : [link.name, ...link.altNames]) {
    const found = await explainReport(daemon, other, clock);
    if (found !== null) {
      return found;
    }
  }
  return report;
}

/** Milliseconds until a system counts as not answering. */
const LIST_LIMIT_MS = 5000;

/** The daemon watches only the interfaces that its rules name: this asks the kernel for all of them. */
async function everyInterface({ libc, tables }: Running): Promise<readonly InterfaceReport[]> {
  const links = await listLinks(libc, tables, AbortSignal.timeout(LIST_LIMIT_MS));
  using netif = openKernel(libc, tables).netif;
  return await interfaceReportsInParts(links, (link) => linkHealth(link, netif));
}
