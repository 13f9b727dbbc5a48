import { preset } from '@ifdepd/tsup-preset';
import { builtinsByCall } from './build/builtins.ts';
import { oneCore } from './build/start-plugins.ts';

export default preset({
  entry: { index: 'src/index.ts', main: 'src/main.ts' },
  // The sources are in the package, and nothing is minified: a trace can be read without a map.
  sourcemap: false,
  // A start that reads one file is faster by a tenth than one that finds and reads those of four packages.
  noExternal: [/^@ifdepd\//],
  esbuildPlugins: [oneCore('src/cli/run.ts')],
  plugins: [builtinsByCall()],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
