import { expect, test } from 'vitest';
import type { Observation } from '../src/agent/messages.ts';
import { startDaemon } from '../src/lab/daemon.ts';
import { agreeingGuest, logged } from './support.ts';

test('a loss is counted where a source has failed, and not where a failed one gets another reason', async () => {
  const observations: Observation[] = [];
  const daemon = await startDaemon(agreeingGuest(observations), ['-S', 'vlan0', '-D', 'dst']);
  const report = (from: string, to: string): void => {
    observations.push(logged({ event: 'source', source: 'vlan0', from, to }));
  };
  report('active', 'failed');
  report('failed', 'failed');
  expect(daemon.losses('vlan0')).toBe(1);
  report('failed', 'active');
  report('active', 'failed');
  expect(daemon.losses('vlan0')).toBe(2);
});
