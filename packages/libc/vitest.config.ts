import { preset } from '@ifdepd/vitest-preset';

export default preset(
  {},
  { root: ['test/integration/overrun.netns.test.ts', 'test/integration/syslog.netns.test.ts'] },
);
