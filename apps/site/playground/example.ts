import type { Incident } from './outcome.ts';

/** The incident that the playground begins with. */
export const EXAMPLE: Incident = {
  configuration: `groups:
  gateway:
    sources: [eth0, eth1]
    destinations: [vrrp.51, vrrp.52]
    up-delay: 10s
`,
  timeline: `2s eth0 failed
5s eth0 active
20s eth1 failed lower layer down
22s eth1 active
`,
};
