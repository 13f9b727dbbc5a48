import { defineConfig } from 'tsup';

/**
 * The build of every package here: ESM for the Node floor, declarations beside it, nothing minified (stack
 * traces of a daemon must be readable), sibling packages and dependencies left as imports.
 *
 * @param {import('tsup').Options} overrides what this package does differently; `entry` names its public files
 * @param {{ lib?: string }} declarations a part of TypeScript's library that the declarations need and name themselves, so that
 *   they compile without `skipLibCheck` whatever the reader's own `lib` is
 * @returns {ReturnType<typeof defineConfig>}
 */
export function preset(overrides, { lib } = {}) {
  return defineConfig({
    format: ['esm'],
    target: 'node20.19',
    platform: 'node',
    clean: true,
    dts: {
      ...(lib === undefined ? {} : { banner: `/// <reference lib="${lib}" />` }),
      compilerOptions: { noEmit: false, composite: false, customConditions: [] },
    },
    // Nothing is minified: a trace can be read without a map.
    sourcemap: false,
    splitting: true,
    treeshake: true,
    outExtension: () => ({ js: '.js', dts: '.d.ts' }),
    ...overrides,
  });
}
