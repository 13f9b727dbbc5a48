import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { command } from '../command.ts';

/** A module to load, decompressed. */
export interface KernelModule {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What a set of modules needs. */
export interface ModuleSet {
  /** In the order in which they can be loaded. */
  readonly modules: readonly KernelModule[];
  /** Wanted, and not in this kernel. */
  readonly missing: readonly string[];
}

const SUFFIX = /\.ko(?:\.(?:xz|zst))?$/;

/**
 * Finds modules and those that they need, by what each says of itself in its section .modinfo: depmod(8) has not run over a
 * package that was only unpacked.
 *
 * @param folder the modules of one kernel
 * @param wanted names with underscores
 */
export function modulesFor(folder: string, wanted: readonly string[]): ModuleSet {
  const files = new Map<string, string>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (SUFFIX.test(path)) {
      files.set(moduleName(path), join(folder, path));
    }
  }
  const builtIn = new Set(
    readFileSync(join(folder, 'modules.builtin'), 'utf8').trim().split('\n').map(moduleName),
  );
  const modules = new Map<string, KernelModule>();
  const missing: string[] = [];

  function add(name: string): void {
    if (modules.has(name) || builtIn.has(name)) {
      return;
    }
    const path = files.get(name);
    if (path === undefined) {
      missing.push(name);
      return;
    }
    const bytes = decompressed(path);
    for (const needed of needsOf(bytes)) {
      add(needed);
    }
    modules.set(name, { name, bytes });
  }

  for (const name of wanted) {
    add(name);
  }
  return { modules: [...modules.values()], missing };
}

/** The kernel takes `-` and `_` in names of modules for the same. */
function moduleName(path: string): string {
  return basename(path).replace(SUFFIX, '').replaceAll('-', '_');
}

function decompressed(path: string): Buffer {
  const [program] = path.endsWith('.xz') ? ['xz'] : path.endsWith('.zst') ? ['zstd'] : [];
  return program === undefined ? readFileSync(path) : command(program, ['-dc', path]);
}

/** MODULE_INFO(depends, …) of a module, written by modpost: names with commas between them. */
function needsOf(bytes: Buffer): readonly string[] {
  const at = bytes.indexOf('\0depends=') + '\0depends='.length;
  const text = bytes.toString('latin1', at, bytes.indexOf(0, at));
  return text.split(',').filter(Boolean).map(moduleName);
}
