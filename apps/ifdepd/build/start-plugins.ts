import { basename, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Keeps the modules that every start needs in one file, whatever is loaded later.
 *
 * esbuild makes a file for each set of modules that the same entries need, and every `import()` is an entry: some
 * thirty files before the first decision. Here each of them also needs the whole core, so that all of them agree.
 *
 * @param core the module that reaches all that a start needs
 */
export function oneCore(core: string): Plugin {
  const path = resolve(core);
  const known = Symbol('resolved');
  return {
    name: 'one-core',
    setup(build) {
      build.onResolve({ filter: /^\./ }, async ({ path: wanted, kind, resolveDir, importer, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === known) {
          return undefined;
        }
        const found = await build.resolve(wanted, { kind, resolveDir, importer, pluginData: known });
        return found.errors.length > 0 ? found : { path: found.path, namespace: 'later' };
      });
      build.onLoad({ filter: /./, namespace: 'later' }, ({ path: later }) => ({
        contents: `export * from ${JSON.stringify(later)};\nexport * as core from ${JSON.stringify(path)};`,
        resolveDir: '/',
      }));
    },
  };
}

/**
 * Gives the file that {@link oneCore} makes the name of the entry, in whose place esbuild puts one that only loads it.
 *
 * @param entry its name without the folder
 */
export function nameCore(entry: string): Plugin {
  return {
    name: 'name-core',
    setup(build) {
      build.onEnd(({ outputFiles = [] }) => {
        const stub = outputFiles.find(({ path }) => basename(path) === `${entry}.cjs`);
        const chunk = /^import \{\s*run\s*\} from "\.\/(chunk-\w+)\.cjs";/.exec(stub?.text ?? '')?.[1];
        if (chunk === undefined) {
          throw new Error(`${entry}.cjs does not only load the core:\n${stub?.text}`);
        }
        const kept = outputFiles.filter(({ path }) => !basename(path).startsWith(`${entry}.cjs`));
        for (const file of kept) {
          file.path = file.path.replace(chunk, entry);
          file.contents = Buffer.from(file.text.replaceAll(`./${chunk}.cjs`, `./${entry}.cjs`));
        }
        outputFiles.splice(0, outputFiles.length, ...kept);
      });
    },
  };
}
