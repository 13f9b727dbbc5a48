import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetched } from './registry.ts';
import { root, text } from './source.ts';
import { gzip } from './tar.ts';
import { below, file, folder, type Tree } from './tree.ts';

/** Where the program runs: the name of koffi's package for it, and the folder of its binary. */
export interface Target {
  readonly koffi: string;
  readonly binary: string;
}

/** Systems that artefacts are made for. Their koffi is prebuilt. */
export const targets = {
  'linux-x64': { koffi: '@koromix/koffi-linux-x64', binary: 'linux_x64' },
  'linux-arm64': { koffi: '@koromix/koffi-linux-arm64', binary: 'linux_arm64' },
  'linux-musl-x64': { koffi: '@koromix/koffi-linux-x64', binary: 'musl_x64' },
  'freebsd-x64': { koffi: '@koromix/koffi-freebsd-x64', binary: 'freebsd_x64' },
} satisfies Record<string, Target>;

const app = join(root, 'apps/ifdepd');

/** The program without Node: `dist/main.cjs` and what it loads. */
export function program({ koffi, binary }: Target): Tree {
  return [
    ...folder(join(app, 'dist'), 'dist', (path) => path.endsWith('.cjs')).map(withoutInterpreter),
    file('package.json', readFileSync(join(app, 'package.json'))),
    // `check` names the drop-ins that a configuration needs.
    ...folder(join(app, 'service/systemd/drop-ins'), 'service/systemd/drop-ins'),
    ...modules(koffi, binary),
  ];
}

/** It is started as `node dist/main.cjs`: a line for the shell in a file that cannot be run misleads. */
function withoutInterpreter(entry: Tree[number]): Tree[number] {
  return 'content' in entry && entry.content.subarray(0, 2).toString() === '#!'
    ? { ...entry, mode: 0o644, content: entry.content.subarray(entry.content.indexOf('\n') + 1) }
    : { ...entry, mode: 0o644 };
}

/** The packages that it loads, without their sources and documents. */
function modules(koffi: string, binary: string): Tree {
  const code = (path: string): boolean => /^(?:package\.json|LICENSE.*)$|\.c?js$/.test(path);
  return below('node_modules', [
    ...below(
      'koffi',
      folder(fetched('koffi'), '', (path) => code(path) && path !== 'cnoke.cjs'),
    ),
    ...below(
      koffi,
      folder(fetched(koffi), '', (path) => code(path) || path.startsWith(`${binary}/`)),
    ).map((entry) => ({ ...entry, mode: 0o644 })),
    ...below(
      'yaml',
      folder(fetched('yaml'), '', (path) => code(path) && !path.startsWith('browser/')),
    ),
  ]);
}

/** Manual pages, compressed, below `man/`. */
export function manualPages(): Tree {
  return ['ifdepd.8', 'ifdepd.conf.5'].map((name) =>
    file(`man/man${name.at(-1)}/${name}.gz`, gzip(text(`apps/ifdepd/man/${name}`))),
  );
}

/** Shell completion, below `share/`, where the shells look for it. */
export function completion(): Tree {
  const of = (shell: string): string =>
    execFileSync(process.execPath, [join(app, 'dist/main.cjs'), 'completion', shell], { encoding: 'utf8' });
  return below('share', [
    file('bash-completion/completions/ifdepd', of('bash')),
    file('zsh/vendor-completions/_ifdepd', of('zsh')),
    file('fish/vendor_completions.d/ifdepd.fish', of('fish')),
  ]);
}

/** A program of two lines that starts ours with one Node. */
export function starter(node: string, main: string): string {
  return `#!/bin/sh\nexec ${node} ${main} "$@"\n`;
}

/** The systemd unit, for a program at a path. */
export function unit(path: string): string {
  const shipped = text('apps/ifdepd/service/systemd/ifdepd.service');
  // What it says about the installation is done.
  return shipped.replace(/^(?:#.*\n)+/, '').replace('/usr/bin/env ifdepd', path);
}

/** Licences of everything in it, as one text. */
export function licences(): string {
  const of: readonly (readonly [string, string])[] = [
    ['ifdepd', 'LICENSE'],
    ['zod, in dist/', 'apps/ifdepd/LICENSE.zod'],
  ];
  const ours = of.map(([name, path]) => `${name}\n\n${text(path)}`);
  const theirs = [
    ['koffi', 'LICENSE.txt'],
    ['yaml', 'LICENSE'],
  ].map(([name = '', path = '']) => `${name}\n\n${readFileSync(join(fetched(name), path), 'utf8')}`);
  return [...ours, ...theirs].join('\n\n');
}
