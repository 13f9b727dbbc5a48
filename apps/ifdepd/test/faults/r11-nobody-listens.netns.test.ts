import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, type Running, run } from '../support/program.ts';
import { syslog } from '../support/syslog.ts';

const words = ['-S', 'em0', '-D', 'carp0'];

/** Causes this many decisions, down and up in turn, and waits for each. */
async function decideOn(lab: ReturnType<typeof host<'em0' | 'carp0'>>, times: number): Promise<void> {
  for (let round = 0; round < times; round += 1) {
    const to = round % 2 === 0 ? 'down' : 'up';
    lab.netif.setAdmin(lab.cables.em0.far, to);
    await lab.allAre(to, ['carp0']);
  }
}

/** An ordered end, although something is stuck. */
async function endOf(running: Running): Promise<void> {
  running.signal('SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0, signal: null });
}

test('standard output and error closed', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(words);
  running.closeOutput();
  await decideOn(lab, 20);
  await endOf(running);
});

test('started without any', async () => {
  using lab = host('em0', 'carp0');
  await using running = run(['-v', ...words], { under: ['sh', '-c', 'exec "$@" >&- 2>&-', 'sh'] });
  await decideOn(lab, 20);
  await endOf(running);
});

test('a reader of standard error that is stuck: decisions go on, and so does the end', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(words);
  running.stopReading();
  // A pipe holds 64 KiB: some 400 failovers of two lines each way are more than that.
  await decideOn(lab, 400);
  running.signal('SIGTERM');
  // Not its output, which nobody reads: the process itself.
  expect(await running.exited).toMatchObject({ code: 0, signal: null });
});

test('standard error on a full disk', async () => {
  using lab = host('em0', 'carp0');
  await using running = run(['-v', ...words], { under: ['sh', '-c', 'exec "$@" 2>/dev/full', 'sh'] });
  await decideOn(lab, 20);
  await endOf(running);
});

test('a full disk under the journal', async () => {
  using lab = host('em0', 'carp0');
  using place = configFile('');
  const script = `mount -t tmpfs -o size=4k tmpfs ${place.folder}; head -c 8192 /dev/zero > ${place.folder}/full; exec "$@"`;
  await using running = await daemon(words, {
    env: { STATE_DIRECTORY: place.folder },
    under: ['unshare', '--mount', 'sh', '-c', script, 'sh'],
  });
  await decideOn(lab, 20);
  await endOf(running);
});

test('a journal that is a named pipe without a reader does not hold the start', async () => {
  using lab = host('em0', 'carp0');
  using place = configFile('');
  await using first = await daemon(words, { env: { STATE_DIRECTORY: place.folder } });
  await endOf(first);
  const script = 'for file in "$0"/*.journal; do rm "$file"; mkfifo "$file"; done';
  expect(spawnSync('sh', ['-c', script, place.folder]).status).toBe(0);
  await using second = await daemon(words, { env: { STATE_DIRECTORY: place.folder } });
  await decideOn(lab, 20);
  second.signal('SIGTERM');
  expect(await second.exited).toMatchObject({ code: 0, signal: null });
});

describe('the system logger', () => {
  const logging = ['-v', '--log-target', 'syslog', ...words];

  test('a system logger that is stuck: decisions go on, and it gets the lines when it reads again', async () => {
    using lab = host('em0', 'carp0');
    using logger = syslog();
    await using running = run(logging, { under: logger.under });
    await logger.message(/ifdepd\[\d+\]: ready: /);
    // Nobody reads: the queue of a datagram socket holds some ten messages (net.unix.max_dgram_qlen).
    await decideOn(lab, 100);
    await logger.message(/carp0: set down \(cli: em0 failed\)/);
    await endOf(running);
  });

  test('stuck when it is stopped: it ends', async () => {
    using lab = host('em0', 'carp0');
    using logger = syslog();
    await using running = run(logging, { under: logger.under });
    await logger.message(/ifdepd\[\d+\]: ready: /);
    await decideOn(lab, 100);
    await endOf(running);
  });

  test('a system logger that ends: decisions go on, and the daemon ends as usual', async () => {
    using lab = host('em0', 'carp0');
    using logger = syslog();
    await using running = run(logging, { under: logger.under });
    await logger.message(/ifdepd\[\d+\]: ready: /);
    logger.close();
    await decideOn(lab, 20);
    await endOf(running);
  });
});
