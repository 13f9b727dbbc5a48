import { preset } from '@ifdepd/tsup-preset';
import type { BuildOptions } from 'esbuild';
import { commonJs } from './build/common-js.ts';
import { nameCore, oneCore } from './build/start-plugins.ts';

/** For other programs: the layers stay packages of their own, and nothing is minified. */
const library = preset({
  entry: { index: 'src/index.ts' },
  outDir: 'dist/library',
});

const commonJsProgram = {
  dts: false,
  // Else rollup would look at what is CommonJS by then; esbuild has left out what is not used.
  treeshake: false,
  outExtension: () => ({ js: '.cjs' }),
  // A start that reads one file is faster by a tenth than one that finds and reads those of four packages.
  noExternal: [/^@ifdepd\//],
  plugins: [commonJs('node20.19')],
  esbuildOptions(options: BuildOptions) {
    options.conditions = ['@ifdepd/source'];
    options.define = {
      ...options.define,
      'import.meta.filename': '__filename',
      'import.meta.dirname': '__dirname',
    };
  },
};

/** What is started, and loads the core. */
const main = preset({
  ...commonJsProgram,
  entry: { main: 'src/main.ts' },
  external: ['./core.cjs'],
  // An old Node can read it, and is told what it lacks.
  plugins: [commonJs('node10')],
  // Its `require` and `module` are those of CommonJS.
  format: ['cjs'],
  clean: false,
  splitting: false,
});

/** The rest, in one file what every start needs: docs/adr/2026-11-22-start-and-memory.md. */
const core = preset({
  ...commonJsProgram,
  entry: { core: 'src/cli/run.ts' },
  clean: ['!library/**', '!main.cjs*'],
  esbuildPlugins: [oneCore('src/cli/run.ts'), nameCore('core')],
});

export default [library, core, main];
