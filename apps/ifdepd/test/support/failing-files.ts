import { syncBuiltinESMExports } from 'node:module';
import { vi } from 'vitest';

type FileCall =
  | 'openSync'
  | 'fstatSync'
  | 'lstatSync'
  | 'writeSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'closeSync'
  | 'write'
  | 'stat'
  | 'watch';

/** Errnos that a file system, a limit or a policy can give to any call. */
export const FILE_ERRNOS = ['EIO', 'ENOSPC', 'EMFILE', 'EACCES', 'EROFS', 'EINTR'] as const;

/** When calls fail, by the number of the call: the first one, a later one, all. */
export const MOMENTS: readonly (readonly [name: string, fails: (call: number) => boolean])[] = [
  ['first', (call) => call === 1],
  ['second', (call) => call === 2],
  ['all', () => true],
];

/** A call of node:fs fails in this process until it is disposed. A call that closes closes all the same, as Linux does. */
export function failingFiles(
  call: FileCall,
  errno: string,
  fails: (call: number) => boolean,
): Disposable & { readonly failed: number } {
  const fs = process.getBuiltinModule('node:fs');
  const real = fs[call] as (...words: unknown[]) => unknown;
  let calls = 0;
  let failed = 0;
  const failing = (...words: unknown[]): unknown => {
    calls += 1;
    if (!fails(calls)) {
      return Reflect.apply(real, fs, words);
    }
    failed += 1;
    if (call === 'closeSync') {
      Reflect.apply(real, fs, words);
    }
    const error = Object.assign(new Error(`${errno}: made up, ${call}`), { code: errno });
    const done = words.at(-1);
    if (call.endsWith('Sync') || call === 'watch' || typeof done !== 'function') {
      throw error;
    }
    setImmediate(() => done(error));
    return undefined;
  };
  const spy = vi.spyOn(fs, call).mockImplementation(failing as never);
  syncBuiltinESMExports();
  return {
    get failed() {
      return failed;
    },
    [Symbol.dispose]() {
      spy.mockRestore();
      syncBuiltinESMExports();
    },
  };
}
