import { preset } from '@ifdepd/tsup-preset';

// Whole programs, with the sources of the lab in them: nothing here is published.
export default preset({
  entry: { chaos: 'src/chaos.ts', clients: 'src/clients.ts' },
  dts: false,
  noExternal: [/^@ifdepd\//],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
