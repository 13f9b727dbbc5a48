import { preset } from '@ifdepd/tsup-preset';

export default preset({
  entry: { dist: 'src/dist.ts' },
  dts: false,
  splitting: false,
});
