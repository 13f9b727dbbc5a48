import { preset } from '@ifdepd/vitest-preset';

export default preset(
  {},
  [],
  ['test/faults/r23-large-host.netns.test.ts', 'test/integration/examination.netns.test.ts'],
);
