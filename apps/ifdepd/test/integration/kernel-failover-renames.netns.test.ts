import { ip, until } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import { armed, hasRing, holdTheLoop, lab, start } from '../support/kernel-failover.ts';

beforeEach(({ skip }) => skip(!hasRing(), 'no io_uring here'));

const phase = (of: ReturnType<typeof start>) => of.status.groups[0]?.phase;

test.each(['before', 'after'])(
  'a destination is renamed after the kernel has set it down and before the daemon reads of it, and back %s the recovery: it is raised',
  async (when) => {
    using net = lab();
    using of = start({ earlyLoss: 'off' });
    await armed(of, 2);
    net.cables.em1.cut();
    holdTheLoop('both to be down', () => !net.isUp('carp0') && !net.isUp('carp1'));
    ip('link', 'set', 'carp0', 'name', 'old0');
    await until('the group to be down', () => phase(of) === 'down');
    if (when === 'before') {
      ip('link', 'set', 'old0', 'name', 'carp0');
      net.cables.em1.repair();
    } else {
      net.cables.em1.repair();
      await until('the group to be up', () => phase(of) === 'up');
      expect(net.isUp('old0')).toBe(false);
      ip('link', 'set', 'old0', 'name', 'carp0');
    }
    await net.allAre('up', ['carp0', 'carp1']);
  },
);

test('another interface that has the name of a renamed destination by then stays as it is', async () => {
  using net = lab();
  using of = start({ earlyLoss: 'off' });
  await armed(of, 2);
  net.cables.em1.cut();
  holdTheLoop('both to be down', () => !net.isUp('carp0') && !net.isUp('carp1'));
  ip('link', 'set', 'carp0', 'name', 'old0');
  await until('the group to be down', () => phase(of) === 'down');
  net.cables.em1.repair();
  await until('the group to be up', () => phase(of) === 'up');
  ip('link', 'add', 'carp0', 'type', 'bridge');
  await until('the new one to be known', () => of.links.lookUp('carp0') !== undefined);
  await net.allAre('up', ['carp1']);
  expect(net.isUp('carp0')).toBe(false);
});
