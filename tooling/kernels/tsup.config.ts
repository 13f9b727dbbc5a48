import { preset } from '@ifdepd/tsup-preset';

// Two programs, each with what it imports: one for this machine, one for the guest. Nothing here is published.
export default preset({
  entry: { kernels: 'src/kernels.ts', agent: 'src/agent/agent.ts' },
  dts: false,
  splitting: false,
  noExternal: [/^@ifdepd\//],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
