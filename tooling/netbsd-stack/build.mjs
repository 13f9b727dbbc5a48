// Builds the library: a NetBSD 7.99.34 network stack (rump kernel) under the names of NetBSD's libc. Public sources,
// pinned; nothing of them becomes part of what is published.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../node_modules/.cache/netbsd-stack/', import.meta.url));
const shim = fileURLToPath(new URL('c/stack.c', import.meta.url));

/** The sources, as of the commits that the captured bytes of this stack were made with. */
const sources = [
  {
    folder: 'buildrump.sh',
    url: 'https://github.com/rumpkernel/buildrump.sh',
    commit: '6cccd464a9675ce19eaca569b1c9c2837492038c',
  },
  {
    folder: 'src',
    url: 'https://github.com/rumpkernel/src-netbsd',
    commit: '82f3a6905f6a3a65ceb3a21046de62437f61e7dd',
  },
];

/** What the stack is linked from, in this order: each needs those after it. */
const components = [
  'rumpnet_shmif',
  'rumpnet_bridge',
  'rumpnet_tap',
  'rumpvfs',
  'rumpdev',
  'rumpnet_netinet',
  'rumpnet_net',
  'rumpnet',
  'rump',
  'rumpuser',
];

/**
 * @param {string} command
 * @param {readonly string[]} words
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
function run(command, words, options = {}) {
  const { status, error } = spawnSync(command, words, { stdio: 'inherit', ...options });
  if (status !== 0) {
    throw new Error(`${command} ${words.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
  }
}

/** @param {(typeof sources)[number]} source */
function checkOut({ folder, url, commit }) {
  const directory = join(cache, folder);
  if (existsSync(directory)) {
    return;
  }
  mkdirSync(directory, { recursive: true });
  const git = (/** @type {string[]} */ ...words) => run('git', ['-C', directory, ...words]);
  git('init', '--quiet');
  git('fetch', '--quiet', '--depth', '1', url, commit);
  git('checkout', '--quiet', 'FETCH_HEAD');
}

/**
 * A compiler as these sources expect one: they are of 2016. GCC 10 made -fno-common its default; the stack looks for
 * the older form of hash table in its own libraries when it boots.
 */
function oldCompiler() {
  const bin = join(cache, 'bin');
  mkdirSync(bin, { recursive: true });
  const compiler = join(bin, 'cc');
  writeFileSync(compiler, '#!/bin/sh\nexec gcc -fcommon -w -Wno-error -Wl,--hash-style=both "$@"\n');
  chmodSync(compiler, 0o755);
  return compiler;
}

for (const source of sources) {
  checkOut(source);
}
const rump = join(cache, 'rump');
if (!existsSync(join(rump, 'lib', 'librumpnet_shmif.so'))) {
  const compiler = oldCompiler();
  run(
    './buildrump.sh',
    [
      ...['-r', '-q', '-j', String(availableParallelism())],
      ...['-s', join(cache, 'src'), '-d', rump, '-o', join(cache, 'obj')],
      ...['-F', 'CFLAGS=-fcommon -Wno-error -fno-strict-aliasing', '-F', 'CWARNFLAGS=-w'],
      'fullbuild',
    ],
    { cwd: join(cache, 'buildrump.sh'), env: { ...process.env, CC: compiler, HOST_CC: compiler } },
  );
}
run('gcc', [
  ...['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-fvisibility=hidden'],
  ...['-o', join(rump, 'lib', 'libstack.so'), shim],
  ...[`-L${join(rump, 'lib')}`, '-Wl,--no-as-needed', '-Wl,-rpath,$ORIGIN'],
  ...[...components, 'pthread', 'dl'].map((name) => `-l${name}`),
]);
