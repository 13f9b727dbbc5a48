import { preset } from '@ifdepd/tsup-preset';

// One file, with the sources of the lab in it: nothing here is published.
export default preset({
  entry: { bench: 'src/bench.ts' },
  dts: false,
  noExternal: [/^@ifdepd\//],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
