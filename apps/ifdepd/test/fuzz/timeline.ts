import assert from 'node:assert';
import { compile, simulate } from '@ifdepd/policy';
import { readTimeline } from '../../src/cli/commands/timeline.ts';
import { chart } from '../../src/cli/output/chart.ts';
import { ConfigError } from '../../src/config/config-error.ts';

const policy = compile({
  groups: {
    g: { require: { all: ['em0', 'em1'] }, destinations: ['carp0'], downDelayMs: 50, upDelayMs: 200 },
    h: { require: 'em1', destinations: ['carp1'], dampening: {} },
  },
});

/** A written timeline, and the journal of a daemon. */
export const seeds: readonly Uint8Array[] = [
  '# two flaps\n0 em0 failed admin down\n+1s em0 active\n2s em1 failed\n2500ms em1 active # back\n1m end\n',
  '{"time":"2026-01-31T12:00:00Z","event":"source","msg":"m","source":"em0","to":"failed","reason":"no carrier"}\n' +
    '{"time":"2026-01-31T12:00:05Z","event":"source","msg":"m","source":"em0","to":"active"}\n',
].map((text) => new TextEncoder().encode(text));

const plain = { good: String, bad: String, warn: String, head: String, faint: String };

/** A timeline: one that can be simulated and drawn, or an error that says which lines are wrong. */
export function fuzz(input: Uint8Array): void {
  let read: ReturnType<typeof readTimeline>;
  try {
    read = readTimeline(new TextDecoder().decode(input), 'timeline', policy);
  } catch (error) {
    assert(error instanceof ConfigError, error instanceof Error ? error : String(error));
    return;
  }
  const { timeline, end } = read;
  timeline.reduce((last, { at }) => {
    assert(at >= last && Number.isFinite(at), `${at} after ${last}`);
    return at;
  }, 0);
  const trace = simulate(policy, timeline, { start: 0, ...(end === null ? {} : { until: end }) });
  for (const row of chart(policy, trace.entries, end, 100, plain)) {
    assert(!/\p{Cc}/u.test(row), JSON.stringify(row));
  }
}
