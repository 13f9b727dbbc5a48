import { preset } from '@ifdepd/tsup-preset';

// A whole program, with the sources of the daemon in it: nothing here is published.
export default preset({
  entry: { simulate: 'src/simulate.ts' },
  dts: false,
  external: ['koffi', 'yaml'],
  noExternal: [/^@ifdepd\//, 'ifdepd'],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
