import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kernel } from '../fetch/kernel.ts';
import { cpio } from './cpio.ts';
import { initScript } from './init.ts';
import { installInto } from './installed.ts';
import { modulesFor } from './modules.ts';
import { copyUserland } from './userland.ts';
import { wantedModules } from './wanted-modules.ts';

/** What a guest boots with. */
export interface Initramfs {
  readonly archive: Buffer;
  /** Modules that this kernel does not have. */
  readonly missing: readonly string[];
}

/**
 * The whole system of a guest, in its memory: busybox, ip(8), wg(8), ethtool(8), Node, the daemon as it is installed, and the agent. Nothing of
 * this machine is mounted, so that a guest also works after it has slept, when the shares of the host are gone.
 *
 * @param node the interpreter
 */
export function initramfs(kernel: Kernel, node: string): Initramfs {
  const { modules, missing } = modulesFor(kernel.modules, wantedModules);
  const root = mkdtempSync(join(tmpdir(), 'ifdepd-kernels-'));
  try {
    copyUserland(kernel.architecture, root);
    for (const name of ['dev', 'etc', 'modules', 'proc', 'root', 'run', 'sys', 'tmp', 'usr/bin']) {
      mkdirSync(join(root, name), { recursive: true });
    }
    rmSync(join(root, 'var'), { recursive: true, force: true });
    symlinkSync('/run', join(root, 'var'));
    // The first line of an installed program of Node names env(1) there.
    symlinkSync('/bin/busybox', join(root, 'usr/bin/env'));
    copyFileSync(node, join(root, 'usr/bin/node'));
    installInto(kernel.architecture, root);
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
