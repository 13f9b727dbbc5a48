import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LinkEvent, type LinkWatch, watchLinks } from '../../src/index.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'class-net-'));
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Writes the files of a link, as sysfs shows them. */
function show(name: string, carrier: '0' | '1', index = 2): void {
  const files = {
    ifindex: `${index}`,
    iflink: `${index}`,
    flags: '0x1003',
    operstate: 'up',
    carrier,
    type: '1',
  };
  mkdirSync(join(directory, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(directory, name, file), `${text}\n`);
  }
}

/** A watch that polls the directory, and the types of its events. */
function polled(pollIntervalMs?: number): { watch: LinkWatch; types: LinkEvent['type'][] } {
  const types: LinkEvent['type'][] = [];
  const watch = watchLinks({
    backend: 'polling',
    sysClassNet: directory,
    ...(pollIntervalMs === undefined ? {} : { pollIntervalMs }),
  });
  watch.subscribe((event) => void types.push(event.type));
  return { watch, types };
}

test('polling lists the links at its start, and reads them again every 250 ms', () => {
  show('eth0', '1');
  const { watch, types } = polled();
  expect([watch.backend, watch.lookUp('eth0')?.carrier, types]).toEqual(['polling', true, ['snapshot']]);
  show('eth0', '0');
  vi.advanceTimersByTime(249);
  expect(watch.lookUp('eth0')?.carrier).toBe(true);
  vi.advanceTimersByTime(1);
  expect([watch.lookUp('eth0')?.carrier, types]).toEqual([false, ['snapshot', 'changed']]);
  show('eth0', '1');
  vi.advanceTimersByTime(250);
  expect(watch.lookUp('eth0')?.carrier).toBe(true);
  watch.close();
});

test('polling reports a link that comes and one that goes, at the interval of the caller', () => {
  const { watch, types } = polled(40);
  show('eth1', '1', 3);
  vi.advanceTimersByTime(40);
  rmSync(join(directory, 'eth1'), { recursive: true });
  vi.advanceTimersByTime(40);
  expect(types).toEqual(['snapshot', 'arrived', 'departed']);
  watch.close();
});

test('polling keeps its links while the directory cannot be read, counts the refusals, and goes on', () => {
  show('eth0', '1');
  const { watch, types } = polled();
  rmSync(directory, { recursive: true });
  vi.advanceTimersByTime(250);
  expect([watch.counters.refused, watch.links.size]).toEqual([1, 1]);
  mkdirSync(directory);
  show('eth0', '0');
  vi.advanceTimersByTime(5000);
  expect([watch.lookUp('eth0')?.carrier, types.includes('departed')]).toEqual([false, false]);
  watch.close();
});

test('polling ends with its watch', () => {
  const { watch, types } = polled();
  watch.close();
  expect(vi.getTimerCount()).toBe(0);
  show('eth0', '1');
  vi.advanceTimersByTime(1000);
  expect(types).toEqual(['snapshot']);
});

test('polling of a directory that does not exist: the error names the directory', () => {
  const sysClassNet = join(directory, 'missing');
  expect(() => watchLinks({ backend: 'polling', sysClassNet })).toThrow(
    `${sysClassNet}: no such file or directory (list of links: ENOENT)`,
  );
});
