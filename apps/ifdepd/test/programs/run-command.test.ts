import { execFileSync, type spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { type CommandResult, runCommand } from '../../src/programs/run-command.ts';

const real = vi.hoisted(() => ({ spawn: undefined as typeof spawn | undefined }));
vi.mock('node:child_process', async (original) => {
  const module = await original<typeof import('node:child_process')>();
  real.spawn = module.spawn;
  return { ...module, spawn: vi.fn(module.spawn) };
});
const spawning = vi.mocked((await import('node:child_process')).spawn);

const folder = mkdtempSync(join(tmpdir(), 'ifdepd-run-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  if (real.spawn !== undefined) {
    spawning.mockImplementation(real.spawn);
  }
});

/** Runs a program to its end. What it reports before `runCommand` returns would reach a caller that is not ready. */
async function ended(words: readonly string[], timeoutMs = 60_000): Promise<CommandResult> {
  let returned = false;
  const result = new Promise<CommandResult>((resolve, reject) => {
    runCommand({ words, env: {}, timeoutMs, leavesNothing: true }, (answer) =>
      returned ? resolve(answer) : reject(new Error('it has answered before it returned')),
    );
  });
  returned = true;
  return result;
}

const shell = (script: string) => ['/bin/sh', '-c', script];

test('a program that cannot be started is a result with its errno, whatever the errno', async () => {
  const written = join(folder, 'written');
  copyFileSync('/bin/true', written);
  const writer = openSync(written, 'a');
  const plain = join(folder, 'plain');
  writeFileSync(plain, 'no program', { mode: 0o644 });
  const loop = join(folder, 'loop');
  symlinkSync('loop', loop);
  const wrong: readonly (readonly [code: string, words: readonly string[]])[] = [
    ['ETXTBSY', [written]],
    ['ENOENT', [join(folder, 'nothing')]],
    ['EACCES', [plain]],
    ['EACCES', [folder]],
    ['ENOTDIR', [join(plain, 'x')]],
    ['ELOOP', [loop]],
    ['ENAMETOOLONG', [`/${'x'.repeat(300)}`]],
    ['E2BIG', ['/bin/true', 'x'.repeat(140_000)]],
    ['ERR_INVALID_ARG_VALUE', ['/bin/true', 'a\0b']],
    ['ERR_INVALID_ARG_VALUE', ['']],
  ];
  for (const [code, words] of wrong) {
    const busy = code === 'ETXTBSY' ? { busy: true } : {};
    expect(await ended(words), words[0]).toEqual({ ok: false, reason: `cannot be run: ${code}`, ...busy });
  }
  closeSync(writer);
  expect(await ended([written])).toMatchObject({ ok: true });
});

const RESOURCES = ['ENOMEM', 'EAGAIN', 'EMFILE', 'ENFILE', 'EPERM', 'EIO', 'EINVAL', 'ENOEXEC', 'ENOSYS'];

test.each(RESOURCES)('a spawn that throws %s is a result', async (code) => {
  spawning.mockImplementation(() => {
    throw Object.assign(new Error(`spawn ${code}`), { code });
  });
  expect(await ended(['/bin/true'])).toEqual({ ok: false, reason: `cannot be run: ${code}` });
});

test.each(RESOURCES)('a spawn that reports %s later, and more than once, is one result', async (code) => {
  spawning.mockImplementation(() => {
    const child = new EventEmitter();
    for (const _ of [1, 2]) {
      setImmediate(() => child.emit('error', Object.assign(new Error(`spawn ${code}`), { code })));
    }
    return child as ReturnType<typeof spawn>;
  });
  expect(await ended(['/bin/true'])).toEqual({ ok: false, reason: `cannot be run: ${code}` });
  await new Promise(setImmediate);
});

test('a program that fails is reported with the last line of its errors', async () => {
  expect(await ended(shell('echo first >&2; echo "ping: Operation not permitted" >&2; exit 255'))).toEqual({
    ok: false,
    reason: 'exited 255: "ping: Operation not permitted"',
  });
  expect(await ended(shell('echo on standard output; exit 3'))).toEqual({ ok: false, reason: 'exited 3' });
  expect(await ended(shell('echo dying >&2; kill -TERM $$'))).toEqual({
    ok: false,
    reason: 'was killed by SIGTERM: "dying"',
  });
});

test('a program may open its standard error anew', async () => {
  expect(await ended(shell('echo again > /dev/stderr; exit 1'))).toMatchObject({
    reason: 'exited 1: "again"',
  });
});

test('a program that prints more than a pipe holds ends by itself', async () => {
  const script = 'head -c 1000000 /dev/zero >&2; echo done >&2; exit 7';
  expect(await ended(shell(script))).toEqual({ ok: false, reason: 'exited 7: "done"' });
});

test('a program that takes too long is killed with what has left its session', async () => {
  const word = `ifdepd-run-${process.pid}-${performance.now()}`;
  const script = `setsid -w sh -c 'sleep 1000; : ${word}' & echo waiting >&2; wait`;
  expect(await ended(shell(script), 1000)).toEqual({ ok: false, reason: 'timed out after 1 s: "waiting"' });
  await vi.waitFor(() => {
    expect(execFileSync('ps', ['-eo', 'stat,args'], { encoding: 'utf8' })).not.toMatch(
      new RegExp(`^[^Z].*${word}`, 'm'),
    );
  }, 10_000);
});
