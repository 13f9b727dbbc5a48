import { expect, test } from 'vitest';
import type { LogEntry } from '../../src/log/index.ts';
import { bareLine, jsonLine, terminalLine, textLine, withPriority } from '../../src/log/line-format.ts';

const entry: LogEntry = {
  event: 'transition',
  level: 'notice',
  message: 'cli: up -> down\n(em0 failed)',
  fields: { group: 'cli', from: 'up', to: 'down', blame: ['em0'] },
};

test('text has the program and the process before it, and is one line', () => {
  expect(textLine()(entry)).toBe(`ifdepd[${process.pid}]: cli: up -> down\\x0a(em0 failed)`);
});

test('JSON is one object with the time, the fields and the message', () => {
  const line = jsonLine(entry);
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    level: 'notice',
    event: 'transition',
    group: 'cli',
    from: 'up',
    to: 'down',
    blame: ['em0'],
    msg: 'cli: up -> down\n(em0 failed)',
  });
});

test('journald gets the priority, and adds the rest by itself', () => {
  expect(withPriority(bareLine)({ ...entry, message: 'x' })).toBe('<5>x');
  expect(withPriority(bareLine)({ ...entry, level: 'err', message: 'x' })).toBe('<3>x');
});

test('a terminal gets the time of day, and a warning in colour', () => {
  const paint = {
    good: String,
    bad: String,
    warn: (text: string) => `!${text}!`,
    head: String,
    faint: String,
  };
  const line = terminalLine(paint)({ ...entry, level: 'warning', message: 'carp0: set down' });
  expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ifdepd\[\d+\]: !carp0: set down!$/);
});
