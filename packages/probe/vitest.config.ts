import { preset } from '@ifdepd/vitest-preset';

export default preset(
  {},
  { root: ['test/integration/firewall.netns.test.ts', 'test/integration/ping.netns.test.ts'] },
);
