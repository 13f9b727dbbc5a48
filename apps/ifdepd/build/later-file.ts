import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import type { LaterFile } from './later-files.ts';

/**
 * Puts modules in a file of their own, whatever imports them. {@link loadAtUse} loads that file with the first use of one of them.
 *
 * @param core the module that reaches all that a start needs
 */
export function laterFile({ name, modules }: LaterFile, core: string): Plugin {
  const paths = modules.map((path) => resolve('../..', path));
  const all = [...paths.map((path, index) => exportAs(`m${index}`, path)), exportAs('core', resolve(core))];
  return {
    name: `file-${name}`,
    setup(build) {
      Object.assign(build.initialOptions.entryPoints ?? {}, { [name]: `modules-of:${name}` });
      const entry = new RegExp(`^modules-of:${name}$`);
      build.onResolve({ filter: entry }, ({ path }) => ({ path, namespace: name }));
      build.onLoad({ filter: entry, namespace: name }, () => ({ contents: all.join('\n'), resolveDir: '/' }));
      build.onResolve({ filter: /^\./ }, ({ path, kind, importer, resolveDir }) => {
        const index = kind === 'import-statement' ? paths.indexOf(resolve(resolveDir, path)) : -1;
        return index < 0 || paths.includes(importer)
          ? undefined
          : { path: `./${name}.cjs/m${index}`, external: true, sideEffects: false };
      });
    },
  };
}

function exportAs(name: string, path: string): string {
  return `export * as ${name} from ${JSON.stringify(path)};`;
}

/**
 * Loads a file of {@link laterFile} where its modules are used, not where they are imported.
 *
 * @param code CommonJS
 * @throws {Error} where a module is imported in a way that cannot wait
 */
export function loadAtUse(code: string, { name }: LaterFile): string {
  const modules = new Map<string, string>();
  const top = new RegExp(`^var (\\w+) = require\\("\\./${name}\\.cjs/(m\\d+)"\\);\\n`, 'gm');
  const without = code.replaceAll(top, (_, variable: string, module: string) => {
    modules.set(variable, module);
    return '';
  });
  if (without.includes(`./${name}.cjs/`)) {
    throw new Error(`a module of ${name}.cjs is imported as a whole; import what is used of it by name`);
  }
  if (modules.size === 0) {
    return code;
  }
  const uses = new RegExp(`\\b(${[...modules.keys()].join('|')})\\.`, 'g');
  const used = without.replaceAll(
    uses,
    (_, variable: string) => `${name}File.parts.${modules.get(variable)}.`,
  );
  // A getter, not a function: `new laterFile.parts.m0.Thing()` makes a Thing, `new laterFile().m0.Thing()` does not.
  return `var ${name}File = { loaded: null, get parts() { return this.loaded ??= require("./${name}.cjs"); } };\n${used}`;
}
