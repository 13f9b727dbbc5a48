import { preset } from '@ifdepd/tsup-preset';

// One file, with the sources of the lab in it: nothing here is published.
export default preset({
  entry: { chaos: 'src/chaos.ts' },
  dts: false,
  noExternal: [/^@ifdepd\//],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
