import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { keepCode, takeCode } from './code-cache.ts';
import { codeDirectory } from './code-directory.ts';

const BEFORE = Buffer.from('(function (exports, require, module, __filename, __dirname) {\n');
const AFTER = Buffer.from('\n})');

/** A file of the program that was loaded. */
export interface Loaded {
  readonly exports: unknown;
  /** Keeps for the next start what V8 has compiled so far, where that is not what it was loaded from. */
  keepCode(): Promise<void>;
}

/**
 * Loads a file of CommonJS as `require` does, with the compiled code of an earlier process where that was kept:
 * docs/adr/2026-11-30-deleted-for-simplicity.md.
 *
 * @param file its absolute path
 * @param parent whose `require` asks for it, from the same folder
 */
export function loadCompiled(file: string, parent: NodeJS.Module, require: NodeJS.Require): Loaded {
  const directory = codeDirectory(process.env, process.geteuid?.());
  // Code that counts how often it runs is not what should be kept.
  if (directory === null || process.env['NODE_V8_COVERAGE']) {
    return { exports: require(file), keepCode: nothingToKeep };
  }
  const source = readFileSync(file);
  const taken = takeCode(directory, source);
  const script = new Script(
    // Put together outside of the heap of V8, which else would hold it twice.
    Buffer.concat([BEFORE, source, AFTER]).toString('latin1'),
    // As if the line that we put before it were not there: traces and maps agree with the file.
    { filename: file, lineOffset: -1, ...(taken === null ? {} : { cachedData: taken.code }) },
  );
  const module = moduleOf(file, parent);
  require.cache[file] = module;
  script.runInThisContext().call(module.exports, module.exports, require, module, file, dirname(file));
  module.loaded = true;
  if (taken !== null && script.cachedDataRejected === false) {
    taken.putBack();
    return { exports: module.exports, keepCode: nothingToKeep };
  }
  return {
    exports: module.exports,
    keepCode: () => keepCode(directory, source, script.createCachedData()),
  };
}

async function nothingToKeep(): Promise<void> {}

/** What other files find in the cache of modules. */
function moduleOf(file: string, parent: NodeJS.Module): NodeJS.Module {
  const Module = parent.constructor as new (id: string, parent: NodeJS.Module) => NodeJS.Module;
  const module = new Module(file, parent);
  module.filename = file;
  module.paths = parent.paths;
  return module;
}
