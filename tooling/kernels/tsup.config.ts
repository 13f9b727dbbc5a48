import { preset } from '@ifdepd/tsup-preset';

// Programs, each with what it imports: one for this machine, the others for the guest. Nothing here is published.
export default preset({
  entry: {
    kernels: 'src/kernels.ts',
    agent: 'src/agent/agent.ts',
    reaction: 'src/agent/reaction.ts',
  },
  dts: false,
  splitting: false,
  noExternal: [/^@ifdepd\//],
  esbuildOptions(options) {
    options.conditions = ['@ifdepd/source'];
  },
});
