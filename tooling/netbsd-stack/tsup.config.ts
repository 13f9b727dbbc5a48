import { preset } from '@ifdepd/tsup-preset';

// One file, with the sources of the layers in it: nothing here is published.
export default preset({
  entry: { host: 'src/host.ts' },
  dts: false,
  noExternal: [/^@ifdepd\//, 'ifdepd'],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
