import { describe, expect, test } from 'vitest';
import { portName, portsOf } from '../../../src/cli/import/switch-ports.ts';
import { type Example, importedFrom, leftOut, recognised } from '../../support/imported.ts';

const cisco: readonly Example[] = [
  [
    'a group with one uplink',
    'link state track 1\n!\ninterface GigabitEthernet1/0/21\n link state group 1 upstream\n!\ninterface GigabitEthernet1/0/1\n link state group 1 downstream\n',
    { groups: { 'track-1': { sources: ['Gi1-0-21'], destinations: ['Gi1-0-1'] } } },
  ],
  [
    'two uplinks: one is enough',
    'link state track 1\ninterface TenGigabitEthernet1/1/1\n link state group 1 upstream\ninterface TenGigabitEthernet1/1/2\n link state group 1 upstream\ninterface Gi1/0/1\n link state group 1 downstream\n',
    { groups: { 'track-1': { require: { any: ['Te1-1-1', 'Te1-1-2'] }, destinations: ['Gi1-0-1'] } } },
  ],
  [
    'a range of ports',
    'link state track 2\ninterface Port-channel10\n link state group 2 upstream\ninterface range GigabitEthernet1/0/1 - 3 , GigabitEthernet1/0/7\n link state group 2 downstream\n',
    {
      groups: {
        'track-2': { sources: ['po10'], destinations: ['Gi1-0-1', 'Gi1-0-2', 'Gi1-0-3', 'Gi1-0-7'] },
      },
    },
  ],
  [
    'two groups',
    'link state track 1\nlink state track 2\ninterface Fa0/1\n link state group 1 upstream\ninterface Fa0/2\n link state group 2 upstream\ninterface Fa0/3\n link state group 1 downstream\ninterface Fa0/4\n link state group 2 downstream\n',
    {
      groups: {
        'track-1': { sources: ['Fa0-1'], destinations: ['Fa0-3'] },
        'track-2': { sources: ['Fa0-2'], destinations: ['Fa0-4'] },
      },
    },
  ],
];
const arista: readonly Example[] = [
  [
    'a group with two uplinks',
    'link tracking group uplinks\n!\ninterface Ethernet49/1\n   link tracking group uplinks upstream\ninterface Ethernet50/1\n   link tracking group uplinks upstream\ninterface Ethernet1-2\n   link tracking group uplinks downstream\n',
    { groups: { uplinks: { require: { any: ['et49_1', 'et50_1'] }, destinations: ['et1', 'et2'] } } },
  ],
  [
    'a least number of uplinks, and a delay',
    'link tracking group up\n   links minimum 2\n   recovery delay 60\ninterface Ethernet1,2,3\n   link tracking group up upstream\ninterface Port-Channel5\n   link tracking group up downstream\n',
    {
      groups: {
        up: {
          require: { 'at-least': 2, of: ['et1', 'et2', 'et3'] },
          destinations: ['po5'],
          'up-delay': '60s',
        },
      },
    },
  ],
];
const junos: readonly Example[] = [
  [
    'in braces',
    'protocols {\n    uplink-failure-detection {\n        group g1 {\n            link-to-monitor {\n                ge-0/0/10;\n                ge-0/0/11;\n            }\n            link-to-disable {\n                ge-0/0/1;\n            }\n        }\n    }\n}\n',
    { groups: { g1: { require: { any: ['ge-0-0-10', 'ge-0-0-11'] }, destinations: ['ge-0-0-1'] } } },
  ],
  [
    'as set commands, with units and an aggregate',
    'set protocols uplink-failure-detection group g1 link-to-monitor ae0\nset protocols uplink-failure-detection group g1 link-to-disable ge-0/0/1.0\nset protocols uplink-failure-detection group g1 link-to-disable ge-0/0/2.0\n',
    { groups: { g1: { sources: ['ae0'], destinations: ['ge-0-0-1', 'ge-0-0-2'] } } },
  ],
  [
    'one link without braces, a comment above',
    'protocols {\n  uplink-failure-detection {\n    /* servers\n       of rack 1 */\n    group r1 {\n      link-to-monitor xe-0/1/0;\n      link-to-disable xe-0/0/3;\n    }\n  }\n}\n',
    { groups: { r1: { sources: ['xe-0-1-0'], destinations: ['xe-0-0-3'] } } },
  ],
];

describe('link state groups of Cisco', () => {
  test.each(cisco)('%s', (_name, text, config) => {
    expect(importedFrom('cisco', text)).toEqual(config);
    expect(recognised(text)).toBe('cisco');
  });

  test('a group without uplinks is named', () => {
    expect(
      leftOut('cisco', 'link state track 3\ninterface Gi1/0/1\n link state group 3 downstream\n'),
    ).toEqual(['1: link state group 3: no interface is upstream in it']);
  });
});

describe('link tracking groups of Arista', () => {
  test.each(arista)('%s', (_name, text, config) => {
    expect(importedFrom('arista', text)).toEqual(config);
    expect(recognised(text)).toBe('arista');
  });
});

describe('uplink failure detection of Junos', () => {
  test.each(junos)('%s', (_name, text, config) => {
    expect(importedFrom('junos', text)).toEqual(config);
    expect(recognised(text)).toBe('junos');
  });

  test('a group that disables nothing is named', () => {
    expect(
      leftOut('junos', 'set protocols uplink-failure-detection group g link-to-monitor ge-0/0/1\n'),
    ).toEqual(['1: group g: it has no link-to-disable']);
  });
});

test.each([
  ['GigabitEthernet1/0/21', 'Gi1-0-21'],
  ['TwentyFiveGigE1/0/4', 'Twe1-0-4'],
  ['Ethernet49/1', 'et49_1'],
  ['Port-Channel10', 'po10'],
  ['xe-0/0/3', 'xe-0-0-3'],
])('the port %s is called %s', (port, name) => {
  expect(portName(port)).toBe(name);
});

test('a range of a million ports is cut off at 256', () => {
  expect(portsOf('Gi1/0/1 - 1000000')).toHaveLength(256);
});
