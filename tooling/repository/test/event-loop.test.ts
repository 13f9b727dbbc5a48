import { expect, test } from 'vitest';
import { files, text } from './repository.ts';

/** The one file of the daemon that reads clocks and sets timers. */
const LOOP = 'apps/ifdepd/src/system/loop.ts';

/** What Node and JavaScript have of clocks, timers and deferral. A date that is given a time reads no clock. */
const CLOCKS =
  /\b(?:(?:set|clear)(?:Timeout|Interval|Immediate)|queueMicrotask|nextTick|hrtime|Date\.now|performance\.now|process\.uptime|node:timers|node:perf_hooks)\b|\bDate\(\)/;

/** The lines of a source that name a clock or a timer of Node. */
function clocksIn(source: string): readonly string[] {
  return source.split('\n').filter((line) => !/^\s*(?:\*|\/[/*])/.test(line) && CLOCKS.test(line));
}

test.each([
  'const timer = setTimeout(end, 5);',
  'clearImmediate(next);',
  'setInterval(look, 1000).unref();',
  'queueMicrotask(end);',
  'process.nextTick(end);',
  'const began = performance.now();',
  'const began = Date.now();',
  'const time = new Date();',
  'const began = process.hrtime.bigint();',
  'const time = process.uptime() * 1000;',
  "import { setTimeout as pause } from 'node:timers/promises';",
])('a source of the daemon with the line `%s` is found', (line) => {
  expect(clocksIn(line)).toEqual([line]);
});

test('a date of a given time, and a comment about setTimeout, are not found', () => {
  expect(clocksIn('const time = new Date(text);\n// like setTimeout()\n * Date.now\n')).toEqual([]);
});

test('no source of the daemon but system/loop.ts reads a clock or sets a timer', () => {
  const sources = files('apps/ifdepd/src/**').filter((path) => path.endsWith('.ts') && path !== LOOP);
  expect(sources.flatMap((path) => clocksIn(text(path)).map((line) => `${path}: ${line.trim()}`))).toEqual(
    [],
  );
});

test('system/loop.ts reads clocks and sets timers', () => {
  expect(clocksIn(text(LOOP)).length).toBeGreaterThan(5);
});
