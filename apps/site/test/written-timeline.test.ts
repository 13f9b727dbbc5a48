import { expect, test } from 'vitest';
import { readTimeline } from '../../ifdepd/src/cli/commands/timeline.ts';
import { compiled } from '../../ifdepd/src/config/compiled-policy.ts';
import { settingsOf } from '../playground/outcome.ts';
import { withLine, writeTimeline } from '../playground/written-timeline.ts';

test('a line is added to a timeline in the order of the times', () => {
  const timeline = withLine('2s eth0 failed\n5s eth0 active\n', 3500, 'down gateway');
  expect(timeline).toBe('2s eth0 failed\n3500ms down gateway\n5s eth0 active\n');
});

test('a line at the time of another one comes after it', () => {
  expect(withLine('2s eth0 failed', 2000, 'eth1 failed')).toBe('2s eth0 failed\n2s eth1 failed\n');
});

test('a line that is added at the end of a timeline removes the end', () => {
  expect(withLine('2s eth0 failed\n3s end\n', 3000, 'eth1 failed')).toBe('2s eth0 failed\n3s eth1 failed\n');
  expect(withLine('9s end\n', 3000, 'eth1 failed')).toBe('3s eth1 failed\n9s end\n');
});

const policy = compiled(
  settingsOf('groups: {gateway: {sources: [eth0, eth1], destinations: [vrrp.51]}}').policy,
);
const begin = Date.UTC(2026, 10, 30);
const entry = (ms: number, fields: object): string =>
  JSON.stringify({ time: new Date(begin + ms).toISOString(), level: 'info', msg: '', ...fields });

test('a journal as a written timeline has the same events', () => {
  const journal = [
    entry(0, { event: 'source', source: 'eth0', from: 'unknown', to: 'active', reason: 'up' }),
    entry(0, { event: 'source', source: 'eth1', from: 'unknown', to: 'failed', reason: 'no carrier' }),
    entry(1250, { event: 'source', source: 'eth1', from: 'failed', to: 'active', reason: 'up' }),
    entry(3000, { event: 'pause', operation: 'down', group: 'gateway', forMs: 60_000 }),
    entry(9000, { event: 'pause', operation: 'up', group: 'gateway' }),
    entry(9500, {
      event: 'source',
      source: 'eth0',
      from: 'active',
      to: 'failed',
      reason: 'lower layer down',
    }),
  ].join('\n');
  const { timeline, end } = readTimeline(journal, 'journal', policy);
  const written = readTimeline(writeTimeline(timeline, end), 'timeline', policy);
  // A written timeline begins with the last reading at 0.
  const later = ({ at }: { readonly at: number }): boolean => at > 0;
  expect(written.end).toBe(end);
  expect(written.timeline.filter(later)).toEqual(timeline.filter(later));
  expect(written.timeline.filter(later)).toHaveLength(4);
});

test('a reason of a journal with the sign of a comment stays in the written timeline without it', () => {
  const journal = entry(0, {
    event: 'source',
    source: 'eth0',
    from: 'active',
    to: 'failed',
    reason: 'exit 1 # x',
  });
  const { timeline, end } = readTimeline(journal, 'journal', policy);
  expect(writeTimeline(timeline, end)).toContain('0ms eth0 failed exit 1 x\n');
});
