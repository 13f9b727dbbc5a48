import { preset } from '@ifdepd/tsup-preset';
import { commonJs } from './build/common-js.ts';
import { oneCore } from './build/start-plugins.ts';

/** For other programs: the layers stay packages of their own, and nothing is minified. */
const library = preset({
  entry: { index: 'src/index.ts' },
  outDir: 'dist/library',
  // The sources are in the package, and a trace can be read without a map.
  sourcemap: false,
});

/** What is started: see docs/adr/2026-11-23-the-program-is-common-js.md. */
const program = preset({
  entry: { main: 'src/main.ts' },
  clean: ['!library/**'],
  dts: false,
  // Else rollup would look at what is CommonJS by then; esbuild has left out what is not used.
  treeshake: false,
  outExtension: () => ({ js: '.cjs' }),
  // A start that reads one file is faster by a tenth than one that finds and reads those of four packages.
  noExternal: [/^@ifdepd\//],
  esbuildPlugins: [oneCore('src/cli/run.ts')],
  plugins: [commonJs()],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
    options.sourcesContent = false;
  },
});

export default [library, program];
