import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { transform } from 'esbuild';
import type { Options } from 'tsup';

/** A plugin of tsup's. */
type Plugin = NonNullable<Options['plugins']>[number];

/**
 * Makes small CommonJS of each file: it is found, read and parsed faster than an ES module, which brings its own loader
 * along, and takes less memory. tsup would do so with rollup, which leaves `import()` to that loader. With
 * IFDEPD_READABLE in the environment it is not made small, for profilers.
 *
 * @param target the oldest interpreter that can read it, as esbuild names it
 */
export function commonJs(target: string): Plugin {
  return {
    name: 'common-js',
    async renderChunk(code, info) {
      const input = Buffer.from(String(info.map)).toString('base64');
      const result = await transform(`${code}\n//# sourceMappingURL=data:application/json;base64,${input}`, {
        format: 'cjs',
        target,
        minify: process.env['IFDEPD_READABLE'] === undefined,
        // One character beyond ASCII in a file, and V8 keeps two bytes for each.
        charset: 'ascii',
        supported: { 'dynamic-import': false },
        sourcemap: 'external',
        sourcesContent: false,
        sourcefile: info.path,
      });
      info.map = linesOnly(result.map);
      return { code: result.code };
    },
  };
}

/** A map that tells the lines alone, and is a quarter as long: for traces, which are read by people. */
function linesOnly(text: string): string {
  const { version, sources, mappings }: { version: number; sources: string[]; mappings: string } =
    JSON.parse(text);
  const lines = decode(mappings).map((segments) => {
    const kept: SourceMapSegment[] = [];
    for (const [column, source, line] of segments) {
      const last = kept.at(-1);
      if (source !== undefined && line !== undefined && (last?.[1] !== source || last[2] !== line)) {
        kept.push([column, source, line, 0]);
      }
    }
    return kept;
  });
  return JSON.stringify({ version, sources, names: [], mappings: encode(lines) });
}
