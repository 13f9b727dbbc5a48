import { existsSync } from 'node:fs';
import { ipBatch, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';
import { workers } from '../support/workers.ts';

test('the examination of the host holds neither a failover nor a stop, however large the host is', async () => {
  using lab = host('em0', 'carp0');
  const names = Array.from({ length: 400 }, (_, number) => number);
  const both = names.flatMap((i) => [`s${i}`, `d${i}`]);
  ipBatch(both.flatMap((name) => [`link add ${name} type bridge`, `link set ${name} up`]));
  using file = configFile(
    `groups:\n  g: {sources: [em0], destinations: [carp0]}\n${names.map((i) => `  g${i}: {sources: [s${i}], destinations: [d${i}]}\n`).join('')}`,
  );
  await using running = await daemon(['-f', file.path]);
  await until('another process to examine it', () => workers(running.pid, 'examine').length > 0);
  const [child = ''] = workers(running.pid, 'examine');
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  running.signal('SIGTERM');
  expect((await running.ended).code).toBe(0);
  await until('it to be gone', () => !existsSync(`/proc/${child}`));
}, 60_000);
