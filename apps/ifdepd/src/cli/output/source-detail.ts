import type { GroupReport } from '../../control/status-report.ts';
import { sourceOf } from '../../engine/sources/index.ts';

type SourceReport = GroupReport['sources'][number];

/** The reason of a failure; the counts of a probe of a host; the reason of an active source, where it says something. */
export function sourceDetail({ id, health, reason, detail }: SourceReport): string {
  if (health !== 'active') {
    return reason;
  }
  if (detail === undefined || !('sent' in detail)) {
    return sourceOf(id).hasActiveReason ? reason : '';
  }
  const { sent, received, rttMs } = detail;
  // The reason begins with the target: `192.0.2.1: answers in 0.42 ms`.
  const target = reason.replace(/: answers.*$/, '');
  const time = rttMs === null ? '' : `, ${rttMs < 10 ? rttMs.toFixed(2) : rttMs.toFixed(0)} ms`;
  return `${target}: ${received} of ${sent} answered${time}`;
}
