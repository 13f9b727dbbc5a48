import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostTarget } from '@ifdepd/libc';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDaemon, parseSettings, startDaemon } from '../../src/index.ts';
import { systems, tablesOf } from '../support/bsd-host.ts';

const here = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};

/** A system that nobody has tables for: code that asks which one this is fails. */
beforeEach(() => {
  Object.defineProperty(process, 'platform', { ...here, value: 'plan9' });
});
afterEach(() => {
  Object.defineProperty(process, 'platform', here);
});

test('no part can ask which system this is', () => {
  expect(() => hostTarget()).toThrow("no tables for the system 'plan9'");
});

test('the example of docs/platforms.md', async () => {
  const page = readFileSync(new URL('../../../../docs/platforms.md', import.meta.url), 'utf8');
  const [, code = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const imports = [...code.matchAll(/^import \{ (.*) \} from '(.*)';.*$/gm)].map(([, names, from]) => [
    names,
    from,
  ]);
  expect(imports).toEqual([
    ['scriptedBsd', '@ifdepd/scripted-kernels'],
    ['openDaemon, parseSettings', 'ifdepd'],
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-example-'));
  const said: unknown[] = [];
  const body = code.replace(/^import .*$/gm, '').replaceAll('/tmp/example', folder);
  const AsyncFunction = (async () => {}).constructor as new (
    ...words: string[]
  ) => (...values: unknown[]) => Promise<void>;
  try {
    const names = ['scriptedBsd', 'openDaemon', 'parseSettings', 'console'];
    const run = new AsyncFunction(...names, body);
    await run(scriptedBsd, openDaemon, parseSettings, { log: (words: unknown) => said.push(words) });
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(said).toContain(0);
  expect(said).toContain('lan0: set down (gateway: em0 failed)');
});

test.each(systems)('%s: the core alone, in one call', (system) => {
  const kernel = scriptedBsd(system);
  for (const name of ['em0', 'lan0']) {
    kernel.attach(name);
    kernel.setAdmin(name, 'up');
  }
  using daemon = startDaemon({
    policy: { groups: { g: { require: 'em0', destinations: ['lan0'] } } },
    libc: kernel.libc,
    tables: tablesOf(system),
    log: { write: () => undefined, close: () => Promise.resolve() },
    warmUp: true,
  });
  expect(daemon.backend).toBe('route-socket');
  kernel.carrier('em0', 'down');
  kernel.turn();
  expect(kernel.flags('lan0') & 1).toBe(0);
});
