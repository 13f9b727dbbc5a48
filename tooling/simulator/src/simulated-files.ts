import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Disk } from './disk.ts';

/**
 * From when this is loaded, calls of node:fs on the files of a simulated disk reach that disk, and all others the disk of this
 * host. It has to be loaded before the daemon, which takes some of the calls when it is loaded.
 */
const disks = new Map<string, Disk>();

/** Which boot the files of Linux say that this is; null for that of this host. */
let boot: string | null = null;

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const NETWORK_NAMESPACE = '/proc/thread-self/ns/net';

/** The number of every simulated network namespace: names of files have it. */
const NAMESPACE = 1;

/** Descriptors of simulated disks begin here. */
export const FIRST_DESCRIPTOR = 1 << 24;

/** Calls that name a file by a path, by a descriptor, or by either. */
const CALLS = [
  'closeSync',
  'fstatSync',
  'ftruncateSync',
  'lstatSync',
  'mkdirSync',
  'openSync',
  'readFileSync',
  'readSync',
  'readdirSync',
  'rename',
  'renameSync',
  'rmSync',
  'statSync',
  'write',
  'writeFile',
  'writeSync',
] as const;

/** The calls of a simulated disk. */
export type DiskCalls = Readonly<Record<(typeof CALLS)[number], (...words: readonly unknown[]) => unknown>>;

/** @param root a path that no file of this host has */
export function mount(root: string, disk: Disk): Disposable {
  disks.set(root, disk);
  return { [Symbol.dispose]: () => void disks.delete(root) };
}

/** Calls with files of Linux that say that this is another boot, in a network namespace of its own, until what it promises. */
export async function inBoot<Result>(id: string, call: () => Promise<Result>): Promise<Result> {
  boot = id;
  try {
    return await call();
  } finally {
    boot = null;
  }
}

function diskOf(subject: unknown): Disk | undefined {
  if (typeof subject === 'number') {
    return subject < FIRST_DESCRIPTOR ? undefined : [...disks.values()].find((disk) => disk.owns(subject));
  }
  const root = typeof subject === 'string' ? /^\/simulated-\d+/.exec(subject)?.[0] : undefined;
  return root === undefined ? undefined : disks.get(root);
}

for (const call of CALLS) {
  const real = fs[call];
  Reflect.set(fs, call, (...words: readonly unknown[]): unknown => {
    if (boot !== null && words[0] === BOOT_ID) {
      return boot;
    }
    if (boot !== null && words[0] === NETWORK_NAMESPACE) {
      return { ino: NAMESPACE };
    }
    const disk = diskOf(words[0]);
    return disk === undefined ? Reflect.apply(real, fs, words) : disk.calls[call](...words);
  });
}
syncBuiltinESMExports();
