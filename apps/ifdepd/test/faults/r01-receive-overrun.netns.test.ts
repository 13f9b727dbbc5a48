import { ask, askStatus } from '@ifdepd/faults';
import { ipBatch, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';

// The receive buffer of one byte is linkwatch's test; a daemon has 8 MiB, which only one that is stopped lets run over.
test('20,000 events while it is stopped: drained, read again once, right, and counted', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  running.signal('SIGSTOP');
  ipBatch(Array.from({ length: 20_000 }, (_, at) => `link set em0 alias n${at}`));
  lab.cables.em0.cut();
  running.signal('SIGCONT');
  await lab.allAre('down', ['carp0']);
  await running.line(/interfaces read again \(overrun\)$/);

  const { counters } = await askStatus(socket);
  expect(counters.overruns).toBeGreaterThanOrEqual(1);
  expect(counters.resyncs).toBeGreaterThanOrEqual(1);
  expect(counters.resyncs).toBeLessThanOrEqual(counters.overruns);
  // What the kernel said last is what it knows.
  const links = JSON.parse(await ask(socket, '/v1/interfaces')) as { name: string; health: string }[];
  expect(links.find(({ name }) => name === 'em0')?.health).toBe('failed');
  // And it hears on.
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);
  await until('one more transition each way', () =>
    running.lines.some((line) => /carp0: set up \(cli: em0 active\)/.test(line)),
  );
  expect(running.lines.filter((line) => /carp0: set (up|down)/.test(line))).toHaveLength(2);
});
