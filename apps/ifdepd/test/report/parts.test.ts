import { expect, test } from 'vitest';
import type { Outcome } from '../../src/engine/actuator.ts';
import type { LogEntry } from '../../src/log/index.ts';
import { report } from '../../src/report/report.ts';

function setUp(destination: string): Outcome {
  const because = { group: 'g', from: 'starting', to: 'up', cause: 'transition', blame: [] } as const;
  const effect = { type: 'set', destination, to: 'up', because } as const;
  const answer = { type: 'destination', id: destination, is: 'up' } as const;
  return { effect, changed: true, undoValue: null, error: null, answer };
}

test('readings of which destinations are set in two parts: the second part reports no change that is past', () => {
  const lines: string[] = [];
  const write = ({ level, message }: LogEntry) => void lines.push(`${level}: ${message}`);
  const subject = report({ write, close: () => Promise.resolve() });
  const none = { transitions: [], outcomes: [], began: 0, ended: 1, unfinished: false };
  const event = {
    type: 'sources',
    complete: true,
    sources: [{ id: 'em0', health: 'active', reason: 'up' }],
    destinations: ['carp0', 'carp1'].map((id) => ({ id, is: 'down' as const })),
  } as const;
  subject.decision({ ...none, event, outcomes: [setUp('carp0')], unfinished: true });
  const source = { id: 'em0', health: 'failed', reason: 'no carrier' } as const;
  subject.decision({ ...none, event: { type: 'source', source } });
  subject.decision({ ...none, event, outcomes: [setUp('carp1')] });
  subject.flush();
  expect(lines).toEqual([
    'info: em0: active',
    'info: em0: active -> failed (no carrier)',
    'notice: carp0 carp1: set up (g: )',
  ]);
});
