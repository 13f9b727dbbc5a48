import { enterNewNamespace, ipBatch, until } from '@ifdepd/netlab';
import { NetlinkClient } from '@ifdepd/netlink';
import { listLinkDetails } from '@ifdepd/netlink/rtnetlink';
import { expect, test } from 'vitest';
import { watchLinks } from '../../src/index.ts';
import { dependentsOf, topologyOf } from '../../src/linux/index.ts';

test('dependentsOf names the links that the kernel takes down with one end of a cable whose other end is the only port of a bridge', async () => {
  enterNewNamespace();
  const names = ['left', 'right', 'br0'];
  ipBatch([
    'link add left type veth peer name right',
    'link add br0 type bridge',
    'link set right master br0',
    ...names.map((name) => `link set ${name} up`),
  ]);
  using watch = watchLinks({ backend: 'rtnetlink' });
  const working = () =>
    names.flatMap((name) => {
      const link = watch.links.get(name);
      return link?.adminUp === true && link.carrier === true ? [link] : [];
    });
  await until('all links are up', () => working().length === 3);
  const left = working().filter(({ name }) => name === 'left');
  using client = new NetlinkClient();
  const topology = topologyOf(watch.links.values(), listLinkDetails(client));
  const lost = dependentsOf(
    topology,
    left.map((link) => ({ link, action: 'admin' as const })),
  );
  expect([...lost.values()].map(({ link }) => link.name).toSorted()).toEqual(names.toSorted());
  ipBatch(['link set left down']);
  await until('what was predicted', () => working().length === 0);
});
