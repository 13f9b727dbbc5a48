import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { command } from '../command.ts';
import type { Kernel } from '../fetch/kernel.ts';
import { cpio } from './cpio.ts';
import { initScript } from './init.ts';
import { installInto } from './installed.ts';
import { librariesOf } from './libraries.ts';
import { modulesFor } from './modules.ts';
import { wantedModules } from './wanted-modules.ts';

/** What a guest boots with. */
export interface Initramfs {
  readonly archive: Buffer;
  /** Modules that this kernel does not have. */
  readonly missing: readonly string[];
}

/**
 * The whole system of a guest, in its memory: busybox, ip(8), Node, the daemon as it is installed, and the agent. Nothing of
 * this machine is mounted, so that a guest also works after it has slept, when the shares of the host are gone.
 *
 * @param node the interpreter
 */
export function initramfs(kernel: Kernel, node: string): Initramfs {
  const { modules, missing } = modulesFor(kernel.modules, wantedModules);
  const root = mkdtempSync(join(tmpdir(), 'ifdepd-kernels-'));
  try {
    for (const name of [
      'bin',
      'dev',
      'etc',
      'modules',
      'proc',
      'root',
      'run',
      'sys',
      'tmp',
      'usr/bin',
      'usr/sbin',
    ]) {
      mkdirSync(join(root, name), { recursive: true });
    }
    symlinkSync('/run', join(root, 'var'));
    copyProgram(found('busybox'), root, '/bin/busybox');
    // The first line of an installed program of Node names env(1) there.
    symlinkSync('/bin/busybox', join(root, 'usr/bin/env'));
    copyProgram(found('ip'), root, '/usr/sbin/ip');
    copyProgram(node, root, '/usr/bin/node');
    installInto(root);
    for (const { name, bytes } of modules) {
      writeFileSync(join(root, 'modules', `${name}.ko`), bytes);
    }
    writeFileSync(join(root, 'init'), initScript(modules.map(({ name }) => name)));
    chmodSync(join(root, 'init'), 0o755);
    return { archive: cpio(root), missing };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Copies a program of this machine, with its libraries where it looks for them. */
function copyProgram(program: string, root: string, as: string): void {
  copyFileSync(program, join(root, as));
  for (const library of librariesOf(program)) {
    mkdirSync(dirname(join(root, library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
}

/** A program on PATH, without symbolic links. */
function found(program: string): string {
  return realpathSync(
    command('sh', ['-c', `command -v ${program} || echo ${program}`])
      .toString()
      .trim(),
  );
}
