import type { Status } from '@ifdepd/policy';
import type { ProbeNumbers } from '../../src/programs/probes.ts';
import { metrics } from '../../src/report/metrics.ts';

/** Numbers of a probe of each kind. */
const PROBES: ReadonlyMap<string, ProbeNumbers> = new Map<string, ProbeNumbers>([
  ['probe:ping', { sent: 20, received: 19, rttMs: 11.5, loss: 0.05 }],
  ['probe:speed', { speedMbps: 2500, duplex: 'full' }],
  ['probe:bond', { activeMembers: 2, members: 3 }],
  ['probe:tunnel', { peers: 2, answeringPeers: 1, handshakeSeconds: 12.5 }],
  ['probe:errors', { errors: 3 }],
  ['probe:peer', { heard: 7, ignored: 1, last: null }],
]);

/** Each family of the metrics, as a daemon with one group shows it. */
export function sampleMetrics(group: string): string {
  const status: Status = {
    ...{ now: 0, ready: false, nextDeadline: null },
    groups: [
      {
        name: group,
        ...{ phase: 'starting', since: 0, requirement: 'unknown', weight: 0, until: null, blame: [] },
        ...{ hidden: 0, penalty: 0, suppressedUntil: null, latched: false, destinations: ['carp0'] },
        sources: [{ id: 'em0', health: 'unknown', reason: 'unknown', since: 0 }],
      },
    ],
    destinations: [
      {
        id: 'carp0',
        ...{ want: 'none', is: 'unknown', since: 0, heldBy: [], owned: false, pending: null, error: null },
        ...{ cause: 'transition', retryAt: null, foreignChanges: 0, differs: null },
      },
    ],
    counters: { events: 0, transitions: 0, effects: 0, failures: 0, foreignChanges: 0 },
  };
  const linkCounters = {
    ...{ messages: 0, snapshots: 1, overruns: 0, interrupted: 0, refused: 0 },
    ...{ foreign: 0, truncated: 0, bad: 0, skipped: 0 },
  };
  return metrics('linux').text(
    { status, linkCounters, kernelFailover: null, passedLosses: new Map() },
    PROBES,
  );
}
