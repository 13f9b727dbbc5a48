import { preset } from '@ifdepd/tsup-preset';

// One file, with the sources of the lab in it: nothing here is published. The interpreters are found beside their own module.
export default preset({
  entry: { bench: 'src/bench.ts' },
  dts: false,
  noExternal: [/^@ifdepd\/(?!node-lines)/],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
