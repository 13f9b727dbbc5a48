import { preset } from '@ifdepd/tsup-preset';

// A whole program, with the sources of the lab in it: nothing here is published.
export default preset({
  entry: { lab: 'src/lab.ts', 'vrrp-lab': 'src/vrrp/vrrp-lab.ts' },
  dts: false,
  noExternal: [/^@ifdepd\//],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
