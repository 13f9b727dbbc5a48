import { preset } from '@ifdepd/tsup-preset';

export default preset({
  entry: { index: 'src/index.ts', main: 'src/main.ts' },
  // The sources are in the package, and nothing is minified: a trace can be read without a map.
  sourcemap: false,
});
