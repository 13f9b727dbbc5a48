import { describe, expect, test } from 'vitest';
import { forms } from '../../../src/cli/import/forms.ts';
import { type Example, importedFrom, leftOut, recognised } from '../../support/imported.ts';

const instance = (name: string, body: string): string => `vrrp_instance ${name} {\n${body}\n}\n`;
const vmac = (vrid: number) => `use_vmac vrrp.${vrid}\n  vmac_xmit_base\n  virtual_router_id ${vrid}`;
const track = (name: string) => ({ file: `/run/keepalived/ifdepd_${name}`, up: '0', down: '1' });

const examples: readonly Example[] = [
  [
    'an instance with a macvlan of its own: the macvlan follows the interface',
    instance('LAN', `  interface eth0\n  ${vmac(51)}`),
    { groups: { LAN: { sources: ['eth0'], destinations: ['vrrp.51'] } } },
  ],
  [
    'use_vmac without a name: keepalived calls it by the virtual router',
    instance('LAN', '  interface eth0\n  virtual_router_id 7\n  use_vmac\n  vmac_xmit_base'),
    { groups: { LAN: { sources: ['eth0'], destinations: ['vrrp.7'] } } },
  ],
  [
    'use_vmac without a name and IPv6 addresses',
    instance(
      'SIX',
      '  interface eth0\n  virtual_router_id 7\n  use_vmac\n  virtual_ipaddress {\n    fe80::7/64\n  }',
    ),
    { groups: { SIX: { sources: ['eth0'], destinations: ['vrrp6.7'] } } },
  ],
  [
    'use_vmac without a name and a prefix of its own',
    `global_defs {\n  vmac_prefix vip\n}\n${instance('A', '  interface eth0\n  virtual_router_id 9\n  use_vmac')}`,
    { groups: { A: { sources: ['eth0'], destinations: ['vip.9'] } } },
  ],
  [
    'an instance without a macvlan: a file for its track_file',
    instance('VI_1', '  interface eth0\n  virtual_router_id 51'),
    { groups: { VI_1: { sources: ['eth0'], destinations: [track('VI_1')] } } },
  ],
  [
    'tracked interfaces, a line each',
    instance('A', `  interface eth0\n  ${vmac(1)}\n  track_interface {\n    eth1\n    eth2\n  }`),
    { groups: { A: { sources: ['eth0', 'eth1', 'eth2'], destinations: ['vrrp.1'] } } },
  ],
  [
    'tracked interfaces in one line',
    instance('A', `  interface eth0\n  ${vmac(1)}\n  track_interface { eth1 eth2 }`),
    { groups: { A: { sources: ['eth0', 'eth1', 'eth2'], destinations: ['vrrp.1'] } } },
  ],
  [
    'the own interface is tracked too: it is a source once',
    instance('A', `  interface eth0\n  ${vmac(1)}\n  track_interface {\n    eth0\n  }`),
    { groups: { A: { sources: ['eth0'], destinations: ['vrrp.1'] } } },
  ],
  [
    'dont_track_primary: the own interface is no source',
    instance('A', `  interface eth0\n  dont_track_primary\n  ${vmac(1)}\n  track_interface { eth1 }`),
    { groups: { A: { sources: ['eth1'], destinations: ['vrrp.1'] } } },
  ],
  [
    'weight 0 is no weight',
    instance('A', `  interface eth0\n  ${vmac(1)}\n  track_interface {\n    eth1 weight 0\n  }`),
    { groups: { A: { sources: ['eth0', 'eth1'], destinations: ['vrrp.1'] } } },
  ],
  [
    'a weight changes a priority: no source',
    instance('A', `  interface eth0\n  ${vmac(1)}\n  track_interface {\n    eth1 weight -20\n    eth2\n  }`),
    { groups: { A: { sources: ['eth0', 'eth2'], destinations: ['vrrp.1'] } } },
  ],
  [
    'two instances by themselves: a group each',
    instance('A', `  interface eth0\n  ${vmac(1)}`) + instance('B', `  interface eth1\n  ${vmac(2)}`),
    {
      groups: {
        A: { sources: ['eth0'], destinations: ['vrrp.1'] },
        B: { sources: ['eth1'], destinations: ['vrrp.2'] },
      },
    },
  ],
  [
    'a sync group: one group of all its instances',
    `vrrp_sync_group GW {\n  group {\n    A\n    B\n  }\n}\n${instance('A', `  interface eth0\n  ${vmac(1)}`)}${instance('B', `  interface eth1\n  ${vmac(2)}`)}`,
    { groups: { GW: { sources: ['eth0', 'eth1'], destinations: ['vrrp.1', 'vrrp.2'] } } },
  ],
  [
    'a sync group in one line, and an instance outside',
    `vrrp_sync_group GW { group { A B } }\n${instance('A', `interface eth0\n${vmac(1)}`)}${instance('B', `interface eth1\n${vmac(2)}`)}${instance('C', `interface eth2\n${vmac(3)}`)}`,
    {
      groups: {
        GW: { sources: ['eth0', 'eth1'], destinations: ['vrrp.1', 'vrrp.2'] },
        C: { sources: ['eth2'], destinations: ['vrrp.3'] },
      },
    },
  ],
  [
    'a sync group that tracks an interface itself',
    `vrrp_sync_group GW {\n  group { A }\n  track_interface { eth9 }\n}\n${instance('A', `interface eth0\n${vmac(1)}`)}`,
    { groups: { GW: { sources: ['eth0', 'eth9'], destinations: ['vrrp.1'] } } },
  ],
  [
    'a script without weight: a check with the same numbers',
    `vrrp_script chk_web {\n  script "/usr/bin/pgrep nginx"\n  interval 2\n  timeout 3\n  rise 2\n  fall 4\n}\n${instance('A', `interface eth0\n${vmac(1)}\ntrack_script { chk_web }`)}`,
    {
      groups: { A: { sources: ['eth0', { check: 'chk_web' }], destinations: ['vrrp.1'] } },
      checks: {
        chk_web: { exec: ['/usr/bin/pgrep', 'nginx'], every: '2s', timeout: '3s', rise: 2, fall: 4 },
      },
    },
  ],
  [
    'a script with a weight stays in keepalived',
    `vrrp_script chk {\n  script "pidof x"\n  weight -10\n}\n${instance('A', `interface eth0\n${vmac(1)}\ntrack_script {\n chk\n}`)}`,
    { groups: { A: { sources: ['eth0'], destinations: ['vrrp.1'] } } },
  ],
  [
    'a script with a weight that the instance sets to 0',
    `vrrp_script chk {\n  script "pidof x"\n  weight -10\n}\n${instance('A', `interface eth0\n${vmac(1)}\ntrack_script {\n chk weight 0\n}`)}`,
    {
      groups: { A: { sources: ['eth0', { check: 'chk' }], destinations: ['vrrp.1'] } },
      checks: { chk: { exec: ['pidof', 'x'], every: '1s', rise: 1, fall: 1 } },
    },
  ],
  [
    'a script that needs a shell gets one',
    `vrrp_script chk {\n  script "curl -s http://127.0.0.1/ | grep ok"\n}\n${instance('A', `interface eth0\n${vmac(1)}\ntrack_script { chk }`)}`,
    {
      groups: { A: { sources: ['eth0', { check: 'chk' }], destinations: ['vrrp.1'] } },
      checks: {
        chk: {
          exec: ['/bin/sh', '-c', 'curl -s http://127.0.0.1/ | grep ok'],
          every: '1s',
          rise: 1,
          fall: 1,
        },
      },
    },
  ],
  [
    'a tracked process',
    `vrrp_track_process haproxy {\n  process haproxy\n}\n${instance('A', `interface eth0\n${vmac(1)}\ntrack_process { haproxy }`)}`,
    {
      groups: { A: { sources: ['eth0', { check: 'haproxy' }], destinations: ['vrrp.1'] } },
      checks: { haproxy: { exec: ['pgrep', '-x', 'haproxy'], every: '1s', rise: 1, fall: 1 } },
    },
  ],
  [
    'comments of both kinds, quotes, braces on a line of their own',
    `! made by hand\nvrrp_instance "LAN 1"\n{\n  interface "eth0"   # the inside\n  ${vmac(51)}\n}\n`,
    { groups: { 'LAN-1': { sources: ['eth0'], destinations: ['vrrp.51'] } } },
  ],
];

describe('keepalived.conf', () => {
  test.each(examples)('%s', (_name, text, config) => {
    expect(importedFrom('keepalived', text)).toEqual(config);
    expect(recognised(text)).toBe('keepalived');
  });

  test('what is not taken is named with its line', () => {
    const text = `virtual_server 192.0.2.1 80 {\n}\n${instance('A', `interface eth0\ntrack_interface {\neth1 weight 10\n}\nnotify_master "/x"\ntrack_file { f }\ntrack_script { none }`)}`;
    expect(leftOut('keepalived', text)).toEqual([
      '6: eth1 weight 10: it changes the priority of the router and takes nothing down; it stays in keepalived',
      '9: track_file: keepalived goes on to read it',
      '10: track_script none: the file does not define it',
      '8: notify_master of A: keepalived goes on to call it when its own state changes',
      '1: virtual_server: not about interfaces that depend on others',
    ]);
  });

  test.each([
    ['a brace that does not close', 'vrrp_instance A {\n interface eth0\n', /^the '\{' has no '\}'$/],
    ['a brace too many', 'vrrp_instance A {\n}\n}\n', /^there is a '\}' without its '\{'$/],
    ['a quote that does not close', 'vrrp_instance "A {\n}\n', /has no closing "$/],
    ['braces a thousand deep', '{'.repeat(1000), /nested more than 50 deep$/],
  ])('%s is an error', (_name, text, message) => {
    expect(() => forms.keepalived.read(text)).toThrowError(message);
  });
});
