import { preset } from '@ifdepd/vitest-preset';

export default preset(
  {},
  { root: ['test/integration/carrier-counter.netns.test.ts', 'test/integration/netif.netns.test.ts'] },
);
