import { cable, enterNewNamespace, ip } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import { listBondPorts, readDeviceLink, readLinkModes } from '../../src/devices/index.ts';
import { linux, NetlinkClient, resolveFamily } from '../../src/index.ts';

const { NETLINK_GENERIC } = linux.socket;

beforeEach(() => enterNewNamespace());

test('a link is read by its name and by its alternative names, with its flags and its errors', () => {
  const eth0 = cable('eth0');
  ip('link', 'set', 'eth0', 'up');
  ip('link', 'property', 'add', 'dev', 'eth0', 'altname', 'uplink-to-the-provider');
  using client = new NetlinkClient();
  const link = readDeviceLink(client, 'eth0');
  expect(link).toMatchObject({
    name: 'eth0',
    kind: 'veth',
    up: true,
    carrier: true,
    rxErrors: 0,
    bond: null,
  });
  expect(readDeviceLink(client, 'uplink-to-the-provider')).toEqual(link);
  eth0.cut();
  expect(readDeviceLink(client, 'eth0')).toMatchObject({ up: true, carrier: false });
});

test.each(['eth9', 'x'.repeat(127), 'x'.repeat(128), ''])(
  'the name %j, which no link has, is null',
  (name) => {
    using client = new NetlinkClient();
    expect(readDeviceLink(client, name)).toBeNull();
  },
);

test('the speed and the duplex of a veth are read, and a link without a driver for it is refused', () => {
  cable('eth0');
  using route = new NetlinkClient();
  using generic = new NetlinkClient({ protocol: NETLINK_GENERIC });
  const family = resolveFamily(generic, 'ethtool');
  const modesOf = (name: string) => {
    const index = readDeviceLink(route, name)?.index ?? 0;
    return family && readLinkModes(generic, family, index, name);
  };
  expect(modesOf('eth0')).toEqual({ speedMbps: 10_000, duplex: 'full' });
  expect(() => modesOf('lo')).toThrow('lo: operation not supported (ETHTOOL_MSG_LINKMODES_GET: EOPNOTSUPP)');
  expect(() => modesOf('eth9')).toThrow(/^eth9: /);
});

test('a link that is no bond has no ports of a bond, whatever else has it as its master', () => {
  cable('eth0');
  ip('link', 'add', 'br0', 'type', 'bridge');
  ip('link', 'set', 'eth0', 'master', 'br0');
  using client = new NetlinkClient();
  expect(listBondPorts(client, readDeviceLink(client, 'br0')?.index ?? 0)).toEqual([]);
});
