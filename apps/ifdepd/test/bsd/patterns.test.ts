import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { bsdHost, systems } from '../support/bsd-host.ts';

const CONFIG = 'groups: {uplinks: {sources: [{match: "em*"}], require: any, destinations: [lan0]}}';

test.each(systems)(
  '%s: an interface that appears and matches is a source, and brings the group up',
  async (system) => {
    const { kernel, settle, isUp, daemon, log } = await bsdHost(system, { config: CONFIG });
    const sources = () => daemon.status.groups[0]?.sources.map(({ id }) => id);
    expect(sources()).toEqual(['em0']);
    kernel.carrier('em0', 'down');
    settle();
    expect(isUp('lan0')).toBe(false);
    kernel.attach('em1');
    kernel.setAdmin('em1', 'up');
    await until('em1 to bring lan0 up', () => {
      settle();
      return isUp('lan0');
    });
    expect(sources()).toEqual(['em0', 'em1']);
    expect(log.map(({ message }) => message)).toContain('em1 matches em*: now a source of uplinks');
  },
);
