import { readdirSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

const words = ['-S', 'em0', '-D', 'carp0'];
const numberOf = (link: string): string => /\d+/.exec(link)?.[0] ?? '';

test('what a namespace of the same number did before is not ours', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const env = { RUNTIME_DIRECTORY: file.folder, STATE_DIRECTORY: file.folder };
  const restoring = ['--on-exit', 'restore', ...words];
  await using first = await daemon(restoring, { env });
  lab.cables.em0.cut();
  await first.line(/carp0: set down/);
  first.signal('SIGKILL');
  await first.ended;
  const left = readdirSync(file.folder).filter((name) => /\.(journal|ledger)$/.test(name));
  expect(left).toHaveLength(2);
  for (const path of left.map((name) => join(file.folder, name))) {
    // As the kernel would call another namespace of this number: same boot, another cookie.
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/"boot":"[0-9a-f-]{36} \d+"/);
    writeFileSync(path, text.replaceAll(/("boot":"[0-9a-f-]{36}) \d+"/g, '$1 1"'));
  }
  await using second = await daemon(restoring, { env });
  expect(JSON.parse((await runToEnd(['status', '--json'], { env })).stdout).destinations[0]).toMatchObject({
    is: 'down',
    owned: false,
  });
  expect((await runToEnd(['events'], { env })).stdout).not.toMatch(/carp0: set down/);
  second.signal('SIGTERM');
  await second.ended;
  expect(lab.isUp('carp0')).toBe(false);
});

test('those of namespaces that are gone for a day go', async () => {
  using _lab = host('em0', 'carp0');
  using file = configFile('');
  const env = { RUNTIME_DIRECTORY: file.folder, STATE_DIRECTORY: file.folder };
  const put = (name: string): string => {
    const path = join(file.folder, name);
    const time = Date.now() / 1000 - 2 * 86_400;
    writeFileSync(path, '{}\n');
    utimesSync(path, time, time);
    return name;
  };
  const gone = put('cli-1-00000005.journal');
  const own = put(`cli-${numberOf(readlinkSync('/proc/thread-self/ns/net'))}-00000004.journal`);
  // Only where every process can be seen: in a namespace of processes that is our own.
  const under = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
  await using _running = await daemon(words, { env, under });
  await until('it to go', () => !readdirSync(file.folder).includes(gone));
  expect(readdirSync(file.folder)).toContain(own);
});
