import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

/** What Node loads for clients alone: the examination of the host needs child_process and what that loads. */
const HEAVY = ['http', '_http_server'];

test('a daemon without clients has not loaded the modules that serve them', async () => {
  using _lab = host('em0', 'carp0');
  using preload = configFile('');
  const list = join(preload.folder, 'loaded');
  preload.write(`
    const { renameSync, writeFileSync } = require('node:fs');
    // Not in the process that examines the host: it inherits the option.
    process.argv.includes('worker') || setInterval(() => {
      const loaded = ${JSON.stringify(HEAVY)}.filter((name) => process.moduleLoadList.includes('NativeModule ' + name));
      writeFileSync('${list}.new', JSON.stringify(loaded));
      renameSync('${list}.new', '${list}');
    }, 20);`);
  /** As of now, not of earlier. */
  async function loaded(): Promise<readonly string[]> {
    rmSync(list, { force: true });
    await until('a list', () => existsSync(list));
    return JSON.parse(readFileSync(list, 'utf8')) as readonly string[];
  }

  await using running = await daemon(['-v', '-S', 'em0', '-D', 'carp0'], {
    env: { NODE_OPTIONS: `--require ${preload.path}` },
  });
  await running.line(/ready: /);
  expect(await loaded()).toEqual([]);
  expect(await runToEnd(['status'])).toMatchObject({ code: 0 });
  expect(await loaded()).toEqual(expect.arrayContaining(['http', '_http_server']));
});
