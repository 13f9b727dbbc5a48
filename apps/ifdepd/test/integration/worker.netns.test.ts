import { existsSync } from 'node:fs';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';
import { textOf, workers } from '../support/workers.ts';

const small = 'groups: {g: {sources: [em0], destinations: [carp0]}}\n';
const keys = Array.from({ length: 80_000 }, (_, number) => `k${number}: 1\n`).join('');
const many = Array.from({ length: 1000 }, (_, i) => `  g${i}: {sources: [em0], destinations: [carp0]}\n`);

describe('a large file at a reload', () => {
  test.each([
    ['that is wrong is refused', keys, /not reloaded, going on as before: .*: k0: unknown key/],
    ['that is right is taken', `groups:\n${many.join('')}`, /reloaded: 1000 groups of/],
  ])(
    '%s, and a cable that is cut while it is read is followed',
    async (_title, text, line) => {
      using lab = host('em0', 'carp0');
      using file = configFile(small);
      await using running = await daemon(['-f', file.path]);
      file.write(text);
      running.signal('SIGHUP');
      await until('another process to read it', () => workers(running.pid, 'load').length > 0);
      lab.cables.em0.cut();
      await lab.allAre('down', ['carp0']);
      await running.line(/carp0: set down/);
      await running.line(line);
      const order = running.lines.filter((one) => line.test(one) || /carp0: set down/.test(one));
      expect(order[0]).toMatch(/carp0: set down/);
      lab.cables.em0.repair();
      await lab.allAre('up', ['carp0']);
    },
    60_000,
  );

  test('a large file at a reload does not delay a stop, and no process remains', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile(small);
    await using running = await daemon(['-f', file.path]);
    file.write(`groups:\n${many.join('')}`);
    running.signal('SIGHUP');
    await until('another process to read it', () => workers(running.pid, 'load').length > 0);
    const [child] = workers(running.pid, 'load');
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
    await until('it to be gone', () => !existsSync(`/proc/${child}`));
    expect(running.lines.filter((line) => /reloaded/.test(line))).toEqual([]);
    expect(lab.isUp('carp0')).toBe(true);
  }, 60_000);

  test('a process that reads a large file ends with a daemon that is killed', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile(small);
    await using running = await daemon(['-f', file.path]);
    file.write(`groups:\n${many.join('')}`);
    running.signal('SIGHUP');
    await until('another process to read it', () => workers(running.pid, 'load').length > 0);
    const [child = ''] = workers(running.pid, 'load');
    // It has put itself behind all others by then: from here on it is bound to its parent.
    await until('it to yield', () => textOf(`/proc/${child}/oom_score_adj`).trim() === '1000');
    process.kill(Number(child), 'SIGSTOP');
    running.signal('SIGKILL');
    await running.ended;
    await until('it to be gone', () => !existsSync(`/proc/${child}`));
  }, 60_000);

  test('a large file with many reloads requested while it is read: it is read once more', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile(small);
    await using running = await daemon(['-f', file.path]);
    file.write(keys);
    running.signal('SIGHUP');
    await until('another process to read it', () => workers(running.pid, 'load').length > 0);
    for (let round = 0; round < 20; round += 1) {
      running.signal('SIGHUP');
    }
    file.write(small);
    await running.line(/reloaded: 1 group of/);
    expect(running.lines.filter((line) => /k0: unknown key/.test(line)).length).toBeLessThanOrEqual(2);
  }, 60_000);
});
