import { monotonicNow } from '../clock.ts';
import { openKernel } from '../daemon/kernel.ts';
import { reload } from '../daemon/reload.ts';
import type { Running } from '../daemon/running.ts';
import { linkHealth } from '../sources/source-health.ts';
import { explainReport } from './explain-report.ts';
import { type InterfaceReport, interfaceReports } from './interface-report.ts';
import type { Control } from './routes.ts';
import { statusReport } from './status-report.ts';
import { wallClock } from './wall-clock.ts';

/** What control clients may do with a daemon. */
export function controlOf(running: Running, startedAt: Date): Control {
  const { daemon, metrics, journal } = running;
  const clock = wallClock();
  const has = (group: string) => Object.hasOwn(running.settings.policy.groups, group);
  const tell = (message: string, group: string) =>
    running.log.write({ event: 'pause', level: 'notice', message, fields: { group } });
  return {
    status: () => statusReport(daemon, running.settings.file, startedAt, metrics.actions, clock),
    explain: (name) => explainReport(daemon, name, clock),
    interfaces: () => everyInterface(running),
    policy: () => running.settings.policy,
    metrics: () => metrics.text(daemon.status, daemon.linkCounters),
    events: (since) => {
      const from = since?.toISOString() ?? '';
      return journal.entries.filter(({ time }) => time >= from);
    },
    follow: (listener) => journal.follow(listener),
    reload: () => reload(running),
    pause(group, forMs) {
      if (has(group)) {
        const until = forMs === null ? {} : { until: monotonicNow() + forMs };
        daemon.feed({ type: 'pause', group, ...until });
        tell(`${group}: paused by an operator${forMs === null ? '' : ` for ${forMs / 1000} s`}`, group);
      }
      return has(group);
    },
    resume(group) {
      if (has(group)) {
        daemon.feed({ type: 'resume', group });
        tell(`${group}: resumed by an operator`, group);
      }
      return has(group);
    },
  };
}

/** The daemon has a table of those that its rules name: what others are is asked of the kernel. */
function everyInterface({ libc, tables }: Running): readonly InterfaceReport[] {
  const kernel = openKernel(libc, tables);
  using netif = kernel.netif;
  using watch = kernel.watchLinks();
  return interfaceReports(watch, (link) => linkHealth(link, netif));
}
