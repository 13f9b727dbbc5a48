import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isUnclear, JUNK } from './junk.ts';
import { manifest, published, root } from './repository.ts';

/** Something to call: a function, or a class with `new`. */
type Callable = (...args: readonly unknown[]) => unknown;

/** More arguments than any function has. */
const MOST_ARGUMENTS = 5;

/** The sources of what a package exports, by the path of the export. */
function doors(): readonly (readonly [name: string, file: string])[] {
  return published.flatMap((folder) => {
    const { name, exports = {} } = manifest(folder) as ReturnType<typeof manifest> & {
      readonly exports?: Readonly<Record<string, unknown>>;
    };
    return Object.entries(exports).flatMap(([path, door]) => {
      const source = (door as Readonly<Record<string, unknown>>)['@ifdepd/source'];
      return typeof source === 'string' ? [[join(name, path), join(root, folder, source)] as const] : [];
    });
  });
}

/** Calls it, and ends what it has begun. */
async function called(one: Callable, args: readonly unknown[]): Promise<void> {
  const isClass = /^class\b/.test(Function.prototype.toString.call(one));
  const result = isClass ? Reflect.construct(one, args) : Reflect.apply(one, undefined, args);
  const awaited = (await result) as (Partial<Disposable> & { next?(): unknown }) | null | undefined;
  awaited?.next?.();
  awaited?.[Symbol.dispose]?.();
}

/** The error of a call that does not say which argument is wrong; null where there is none, or it says so. */
async function unclearError(one: Callable, args: readonly unknown[]): Promise<string | null> {
  try {
    await called(one, args);
    return null;
  } catch (error) {
    return isUnclear(error) ? String(error) : null;
  }
}

test.each(doors())('%s: no export that gets junk fails with an error of the engine', async (_name, file) => {
  const exported = (await import(file)) as Readonly<Record<string, unknown>>;
  const unclear: string[] = [];
  for (const [name, one] of Object.entries(exported)) {
    // Errors are made by the package that throws them.
    if (typeof one !== 'function' || one.prototype instanceof Error) {
      continue;
    }
    for (const junk of JUNK) {
      const error = await unclearError(one as Callable, new Array(MOST_ARGUMENTS).fill(junk));
      if (error !== null) {
        unclear.push(`${name}(${String(junk)}): ${error}`);
      }
    }
  }
  expect(unclear).toEqual([]);
});
