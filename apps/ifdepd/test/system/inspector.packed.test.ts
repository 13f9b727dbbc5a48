import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRequested, SEALED } from '../../src/system/inspector.ts';

const main = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-inspector-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file that Node loads before the program. */
function before(name: string, code: string): string {
  const path = join(folder, `${name}.cjs`);
  writeFileSync(path, code);
  return path;
}

const AT_EXIT = `process.on('exit', () => process._rawDebug('inspector at exit: ' + require('inspector').url()));`;

/** SIGUSR1 while Node itself starts, and the inspector waited for. */
const OPENED = `${AT_EXIT}
process.kill(process.pid, 'SIGUSR1');
while (require('inspector').url() === undefined) {}`;

test('an inspector that SIGUSR1 opened before the first instruction is closed by it', () => {
  const words = ['--require', before('opened', OPENED), main, '--version'];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(stderr).toContain('Debugger listening on');
  expect(stderr).toContain('inspector at exit: undefined');
  expect(status).toBe(0);
});

test('a request that Node has yet to carry out opens nothing for longer than it takes to close it', () => {
  const code = `${AT_EXIT} process.once('beforeExit', () => require('inspector').open(0, '127.0.0.1'));
process.once('beforeExit', () => process.emit('internalMessage', { cmd: 'NODE_DEBUG_ENABLED' }));`;
  const { stderr } = spawnSync(process.execPath, ['--require', before('late', code), main, '--version'], {
    encoding: 'utf8',
  });
  expect(stderr).toContain('Debugger listening on');
  expect(stderr).toContain('inspector at exit: undefined');
});

test('an inspector that --inspect requested stays open', () => {
  const words = ['--inspect=127.0.0.1:0', '--require', before('asked', AT_EXIT), main, '--version'];
  const { stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(stderr).toMatch(/inspector at exit: ws:/);
});

test('a Node that is started as we start it opens none', async () => {
  const code = `process.kill(process.pid, 'SIGUSR1'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, [SEALED, '-e', code], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const [said] = await once(child.stderr, 'data');
    expect(String(said)).toMatch(/^Starting inspector on fe80::1:9229 failed: /);
  } finally {
    child.kill('SIGKILL');
  }
});

test('every part of the program that starts Node starts it so', () => {
  const source = fileURLToPath(new URL('../../src', import.meta.url));
  const starting = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: readFileSync(join(source, name), 'utf8') }))
    .filter(({ text }) => /process\.execPath,/.test(text));
  expect(starting.length).toBeGreaterThan(2);
  for (const { name, text } of starting) {
    for (const [, rest = ''] of text.matchAll(/process\.execPath,([^;]*);/g)) {
      expect(rest, name).toContain('SEALED');
    }
  }
});

test.each(['--inspect', '--jitless --inspect-brk', '--inspect=0', '--inspect-wait --jitless'])(
  '%s asks for it',
  (options) => expect(isRequested(options)).toBe(true),
);

test.each(['', SEALED, '--inspect-publish-uid=http', '--jitless'])('%s does not', (options) =>
  expect(isRequested(options)).toBe(false),
);
