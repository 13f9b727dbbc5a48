import { preset } from '@ifdepd/vitest-preset';

export default preset(
  {},
  {
    root: [
      'test/integration/faults.netns.test.ts',
      'test/integration/link-sensor.netns.test.ts',
      'test/integration/polling.netns.test.ts',
    ],
  },
);
