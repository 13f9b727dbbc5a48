import { copyFile } from 'node:fs/promises';
import { preset } from '@ifdepd/tsup-preset';
import type { BuildOptions } from 'esbuild';
import { commonJs } from './build/common-js.ts';
import { laterFile } from './build/later-file.ts';
import { laterFiles } from './build/later-files.ts';
import { nameCore, oneCore } from './build/start-plugins.ts';

/** For other programs: the layers stay packages of their own, and nothing is minified. */
const library = preset({
  entry: { index: 'src/index.ts' },
  outDir: 'dist/library',
});

const commonJsProgram = {
  dts: false,
  // esbuild has left out unused code, and rollup cannot read the CommonJS that it has made.
  treeshake: false,
  outExtension: () => ({ js: '.cjs' }),
  // A start that reads one file is a tenth faster than one that finds and reads the files of five packages.
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

/** The file that is started; it loads the core. */
const main = preset({
  ...commonJsProgram,
  entry: { main: 'src/main.ts' },
  external: ['./core.cjs'],
  // A Node below the floor can read it, and reports that it is too old.
  plugins: [commonJs('node10')],
  // Its `require` is that of CommonJS.
  format: ['cjs'],
  clean: false,
  splitting: false,
});

/** Everything else; what every start needs is in one file: docs/adr/2026-11-22-start-and-memory.md. */
const core = preset({
  ...commonJsProgram,
  entry: { core: 'src/cli/run.ts' },
  clean: ['!library/**', '!main.cjs*', '!page/**'],
  plugins: [commonJs('node20.19', laterFiles)],
  esbuildPlugins: [
    ...laterFiles.map((file) => laterFile(file, 'src/cli/run.ts')),
    oneCore('src/cli/run.ts'),
    nameCore('core'),
  ],
});

/** The status page, for browsers; its HTML and CSS are copied as they are. */
const page = preset({
  entry: { page: 'page/page.ts' },
  outDir: 'dist/page',
  format: ['iife'],
  platform: 'browser',
  target: 'es2023',
  dts: false,
  minify: true,
  splitting: false,
  outExtension: () => ({ js: '.js' }),
  esbuildOptions(options: BuildOptions) {
    options.conditions = ['@ifdepd/source'];
  },
  async onSuccess() {
    for (const name of ['page.html', 'page.css']) {
      await copyFile(`page/${name}`, `dist/page/${name}`);
    }
  },
});

export default [library, core, main, page];
