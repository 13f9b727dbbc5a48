import { compile, simulate, type TimelineEntry } from '@ifdepd/policy';
import { describe, expect, test } from 'vitest';
import { interfacesIn, readTimeline } from '../../../src/cli/commands/timeline.ts';

const policy = compile({ groups: { g: { require: { all: ['em0', 'bge0'] }, destinations: ['carp0'] } } });

const entry = (ms: number, event: string, fields: object = {}): string =>
  JSON.stringify({
    time: new Date(Date.UTC(2026, 0, 31) + ms).toISOString(),
    level: 'info',
    event,
    ...fields,
    msg: '',
  });
const source = (ms: number, id: string, from: string | null, to: string): string =>
  entry(ms, 'source', { source: id, from, to, reason: to === 'failed' ? 'no carrier' : 'up' });

const transitions = (lines: readonly string[]): readonly string[] => {
  const { timeline, end } = readTimeline(lines.join('\n'), 'journal', policy);
  return simulate(policy, timeline, { start: 0, ...(end === null ? {} : { until: end }) }).entries.flatMap(
    ({ at, transitions: all }) => all.map(({ from, to }) => `${at} ${from} ${to}`),
  );
};

const firstOf = ([first]: readonly TimelineEntry[]) =>
  first?.event.type === 'sources' ? first.event.sources.map(({ id, health }) => `${id} ${health}`) : [];

describe('a journal', () => {
  test('a journal whose first readings are some milliseconds apart: the timeline starts with all of them', () => {
    expect(
      transitions([
        entry(0, 'start'),
        source(18, 'em0', null, 'active'),
        source(19, 'bge0', null, 'failed'),
        source(500, 'bge0', 'failed', 'active'),
      ]),
    ).toEqual(['0 starting down', '500 down up']);
  });

  test('a journal whose beginning was overwritten: a source starts in the state before its first change', () => {
    expect(
      transitions([source(0, 'em0', 'active', 'failed'), source(900, 'bge0', 'failed', 'active')]),
    ).toEqual(['0 starting down']);
    expect(transitions([source(0, 'bge0', null, 'active'), source(500, 'em0', 'failed', 'active')])).toEqual([
      '0 starting down',
      '500 down up',
    ]);
  });

  test('a journal of two runs of the daemon: the timeline covers both', () => {
    expect(
      transitions([
        source(0, 'em0', null, 'active'),
        source(0, 'bge0', null, 'active'),
        entry(700, 'stop'),
        entry(1000, 'start'),
        source(1000, 'em0', null, 'failed'),
        source(1000, 'bge0', null, 'active'),
      ]),
    ).toEqual(['0 starting up', '1000 up down']);
  });

  test('written while the clock was set back does not go back', () => {
    expect(
      transitions([
        source(0, 'em0', null, 'active'),
        source(0, 'bge0', null, 'active'),
        source(5000, 'em0', 'active', 'failed'),
        source(-86_400_000, 'em0', 'failed', 'active'),
      ]),
    ).toEqual(['0 starting up', '5000 up down', '5000 down up']);
  });

  test('a journal with torn lines, the first one too, is read', () => {
    expect(
      transitions([
        '"event":"source","msg":"em0: active"}',
        source(0, 'em0', null, 'failed'),
        source(0, 'bge0', null, 'active'),
        '{"time":"2026-',
      ]),
    ).toEqual(['0 starting down']);
  });

  test('a timeline ends with the last entry of its journal', () => {
    const lines = [source(0, 'em0', null, 'active'), entry(60_000, 'stop')];
    expect(readTimeline(lines.join('\n'), 'journal', policy).end).toBe(60_000);
  });

  test('takes a source that it never mentions for active, and leaves out those of another configuration', () => {
    const { timeline } = readTimeline(
      [source(0, 'em0', null, 'failed'), source(0, 'em7', null, 'failed')].join('\n'),
      'journal',
      policy,
    );
    expect(firstOf(timeline)).toEqual(['em0 failed', 'bge0 active']);
  });

  test('a journal without anything of the configuration is refused', () => {
    expect(() => readTimeline(source(0, 'em7', null, 'failed'), 'x.journal', policy)).toThrowError(
      /^x\.journal: this journal has no event of a source of the configuration \(em0, bge0\); it has events of: em7$/,
    );
    expect(() => readTimeline(entry(0, 'start'), 'x.journal', policy)).toThrowError(
      /it has events of: none$/,
    );
  });
});

describe('the commands of an operator', () => {
  test('a journal with a drain and its end: the group is drained in between', () => {
    expect(
      transitions([
        source(0, 'em0', null, 'active'),
        source(0, 'bge0', null, 'active'),
        entry(100, 'pause', { group: 'g', operation: 'down', forMs: null }),
        entry(300, 'pause', { group: 'g', operation: 'up' }),
        entry(400, 'pause', { group: 'other', operation: 'down', forMs: null }),
      ]),
    ).toEqual(['0 starting up', '100 up drained', '300 drained up']);
  });

  test('a written timeline with a drain that has an end, and a pause: both are followed', () => {
    expect(
      transitions(['0s em0 active', '1s down g 2s', '4s pause g', '5s em0 failed', '6s resume g', '9s end']),
    ).toEqual(['0 starting up', '1000 up drained', '3000 drained up', '4000 up paused', '6000 paused down']);
  });
});

test.each(['0', '0.1ms', 'ever', '-1'])(
  'a written drain for %s is refused with the form of a time',
  (time) => {
    expect(() => readTimeline(`1s down g ${time}`, 'x', policy)).toThrowError(
      `x:1:1: '${time}': how long it lasts must be above 0: a duration such as`,
    );
  },
);

describe('what is no timeline', () => {
  test.each(['', '\n# nothing\n'])('%j: empty', (text) => {
    expect(() => readTimeline(text, 'x', policy)).toThrowError(/^x: is empty: a line is 'TIME SOURCE/);
  });

  test('another file: the first twenty lines, and how many more', () => {
    expect(() => readTimeline('{}\n'.repeat(500), 'x', policy)).toThrowError(
      /^(x:\d+:1: '\{\}': a line begins with a time.*\n){20}x: 480 more lines are wrong; is it a timeline, or a journal of ifdepd\?$/,
    );
  });
});

test('the interfaces of a timeline are those whose health it says, written or recorded', () => {
  const written =
    '0 eth0 active\n+1s eth1 failed no carrier\n2s down eth2\n3s check:c failed\n4s end\n# 5s eth9 failed';
  expect(interfacesIn(written)).toEqual(['eth0', 'eth1']);
  const recorded = [source(0, 'eth0', null, 'active'), source(9, 'probe:p', 'active', 'failed')];
  expect(interfacesIn(recorded.join('\n'))).toEqual(['eth0']);
});
