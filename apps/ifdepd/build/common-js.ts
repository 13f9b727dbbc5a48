import { transform } from 'esbuild';
import type { Options } from 'tsup';
import { loadAtUse } from './later-file.ts';
import type { LaterFile } from './later-files.ts';

/** A plugin of tsup's. */
type Plugin = NonNullable<Options['plugins']>[number];

/**
 * Turns each file into CommonJS: Node finds, reads and parses it faster than an ES module, which brings its own loader
 * along, and it takes less memory. tsup would use rollup, which leaves `import()` to that loader.
 *
 * @param target the oldest interpreter that can read it, as esbuild names it
 * @param later files that are loaded when something of them is used
 */
export function commonJs(target: string, later: readonly LaterFile[] = []): Plugin {
  return {
    name: 'common-js',
    async renderChunk(source) {
      const { code } = await transform(source, {
        format: 'cjs',
        target,
        // With one character beyond ASCII in a file V8 keeps two bytes for each.
        charset: 'ascii',
        supported: { 'dynamic-import': false },
      });
      return { code: withoutCopy(later.reduce(loadAtUse, code)) };
    },
  };
}

/** esbuild copies the exports to mark a module that was not CommonJS. Only files of ours import these, and none asks. */
function withoutCopy(code: string): string {
  return code.replace(/^module\.exports = __toCommonJS\((\w+)\);$/m, 'module.exports = $1;');
}
