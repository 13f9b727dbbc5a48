import type { ProbeFailure } from '../result.ts';
import type { ProbeStatistics } from './result-window.ts';

/** Why so many failures in a row: `3 of 3 probes unanswered for 2.4 s`. @param forMs since the first of them was sent */
export function runReason(last: ProbeFailure, failures: number, forMs: number): string {
  const many = `${failures} of ${failures} probes`;
  const time = `for ${(forMs / 1000).toFixed(1)} s`;
  return last.type === 'unanswered' ? `${many} unanswered ${time}` : `${many} failed ${time}: ${last.why}`;
}

/** The limit of loss that was exceeded, as a share: `5 of 20 probes lost (25 %), limit 20 %`. */
export function lossReason({ sent, received }: ProbeStatistics, limit: number): string {
  const lost = sent - received;
  return `${lost} of ${sent} probes lost (${percent(lost / sent)}), limit ${percent(limit)}`;
}

/** The limit of latency that was exceeded, in milliseconds: `mean round trip 210 ms over 20 probes, limit 150 ms`. */
export function latencyReason({ received, rttMs }: ProbeStatistics, limit: number): string {
  return `mean round trip ${milliseconds(rttMs ?? 0)} over ${received} probes, limit ${milliseconds(limit)}`;
}

/** How fast an active target answers: `answers in 0.42 ms`. */
export function activeReason({ rttMs }: ProbeStatistics): string {
  return rttMs === null ? 'answers' : `answers in ${milliseconds(rttMs)}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
}
