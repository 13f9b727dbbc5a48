import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linux } from '../../src/abi/linux.ts';

type Numbers = Readonly<Record<string, number>>;

const abi = JSON.parse(readFileSync(new URL('../fixtures/abi.json', import.meta.url), 'utf8')) as {
  linux: Readonly<Record<string, Numbers>>;
};

const { size, ifr_name, ifr_flags, ifr_data } = linux.ifreq;
const { ETHTOOL_GLINK, ETHTOOL_GDRVINFO, ETHTOOL_GPERMADDR } = linux.link;
const { SIOCGIFINDEX, SIOCGIFHWADDR, O_RDONLY, O_CLOEXEC, ifr_ifindex, ifr_hwaddr } = linux.carrierCounter;

test.each([
  ['ioctl', { SIOCGIFFLAGS: linux.SIOCGIFFLAGS, SIOCSIFFLAGS: linux.SIOCSIFFLAGS }],
  ['ioctl', { SIOCETHTOOL: linux.link.SIOCETHTOOL }],
  ['ethtool', { ETHTOOL_GLINK, ETHTOOL_GDRVINFO, ETHTOOL_GPERMADDR }],
  ['iff', { IFF_UP: linux.IFF_UP, IFF_RUNNING: linux.IFF_RUNNING, IFF_LOOPBACK: linux.IFF_LOOPBACK }],
  ['limits', { IFNAMSIZ: linux.ifreq.IFNAMSIZ }],
  ['struct_ifreq', { size, ifr_name, ifr_flags, ifr_data }],
  ['ioctl', { SIOCGIFINDEX, SIOCGIFHWADDR }],
  ['fcntl', { O_RDONLY, O_CLOEXEC }],
  ['struct_ifreq', { ifr_ifindex, ifr_hwaddr }],
  ['struct_ethtool_value', linux.link.ethtool_value],
])('%s numbers are those of the headers', (group, numbers) => {
  expect(abi.linux[group]).toMatchObject(numbers);
});
