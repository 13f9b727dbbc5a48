import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterNewNamespace, ip, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { run, runToEnd } from '../support/program.ts';

/** What the site shows of a demo. */
const recording = new URL('../../../site/pages/demo.txt', import.meta.url);

test('the demo shows both destinations follow, with times, and leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-home-of-demo-'));
  const env = {
    RUNTIME_DIRECTORY: join(folder, 'run'),
    STATE_DIRECTORY: join(folder, 'state'),
    TMPDIR: folder,
  };
  const ended = await runToEnd(['demo'], { env });
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(
    /em0 +source +failed \(lower layer down\)\n +bge0 +source +active\n +carp0 +destination +down\n +carp1 +destination +down\n/,
  );
  expect(ended.stdout).toMatch(
    /Seen from the kernel, by a process that is not the daemon:\n {2}cut {5}carp0 down after \d+ µs, carp1 down after \d+ µs\n {2}repair {2}carp0 up after \d+ µs, carp1 up after \d+ µs\n$/,
  );
  expect(ended.stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  // A slow machine may show fewer lines of the daemon.
  const recorded = withoutNumbers(readFileSync(recording, 'utf8'));
  expect(
    withoutNumbers(ended.stdout).filter((line) => !recorded.includes(line)),
    'lines that the site does not show; record them: node apps/ifdepd/dist/main.cjs demo >apps/site/pages/demo.txt',
  ).toEqual([]);
});

/** The lines of a demo without what differs from run to run: process ids, versions, times. */
function withoutNumbers(text: string): readonly string[] {
  return text.split('\n').map((line) => line.replace(/\[\d+\]|(?<=pid |Node |ifdepd |after )\d[\d.]*/g, '…'));
}

test('the variable of its inner process does nothing where another one set it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-home-of-demo-'));
  enterNewNamespace();
  const ended = await runToEnd(['demo'], { env: { TMPDIR: folder, IFDEPD_DEMO_INSIDE: '1' } });
  rmSync(folder, { recursive: true });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  // Its interfaces are not those of the namespace that it was started in.
  expect(ip('-br', 'link')).not.toContain('carp0');
});

test.each([
  { whom: 'all of it, as a terminal does', group: true, signal: 'SIGINT', code: 130, moment: '# ifdepd' },
  { whom: 'its first process alone', group: false, signal: 'SIGTERM', code: 143, moment: '# ifdepd' },
  { whom: 'all of it before it has said a word', group: true, signal: 'SIGINT', code: 130, moment: '' },
] as const)('$signal to $whom leaves nothing behind', async ({ group, signal, code, moment }) => {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-home-of-demo-'));
  // A session of its own, so that one signal reaches all of it.
  await using demo = run(['demo'], { under: ['setsid'], env: { TMPDIR: folder } });
  await until(
    'the demo to be under way',
    () => readdirSync(folder).length > 0 && demo.output.includes(moment),
  );
  process.kill(group ? -demo.pid : demo.pid, signal);
  const ended = await demo.ended;
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  expect(ended).toMatchObject({ code, stderr: '' });
  expect(ended.stdout).not.toMatch(/demo failed/);
});

test('a demo without a temporary directory says which one it needs and how to name another', async () => {
  const ended = await runToEnd(['demo'], { env: { PATH: process.env['PATH'], TMPDIR: '/nonexistent' } });
  expect(ended).toMatchObject({ code: 71, stdout: '' });
  expect(ended.stderr).toBe(
    'ifdepd: the demo needs a temporary directory, and /nonexistent is none (ENOENT): set TMPDIR to one\n',
  );
});

test('a demo without ip(8) says what is missing and how to install it', async () => {
  const ended = await runToEnd(['demo'], { env: { PATH: '/nonexistent' } });
  expect(ended).toMatchObject({ code: 69, stdout: '' });
  expect(ended.stderr).toMatch(/^ifdepd: the demo needs ip\(8\) of iproute2: apt-get install iproute2/);
});
