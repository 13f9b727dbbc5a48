import { describe, expect, test } from 'vitest';
import { type Example, importedFrom, leftOut, recognised } from '../../support/imported.ts';

const network = (name: string, carriers: string): string =>
  `[Match]\nName=${name}\n\n[Network]\nDHCP=no\n${carriers}\n`;

const networkd: readonly Example[] = [
  [
    'one link',
    network('lan0', 'BindCarrier=eth0'),
    { groups: { lan0: { sources: ['eth0'], destinations: ['lan0'] } } },
  ],
  [
    'several links: one with a carrier is enough',
    network('lan0', 'BindCarrier=eth0 eth1'),
    { groups: { lan0: { require: { any: ['eth0', 'eth1'] }, destinations: ['lan0'] } } },
  ],
  [
    'several lines add up',
    network('lan0', 'BindCarrier=eth0\nBindCarrier=eth1'),
    { groups: { lan0: { require: { any: ['eth0', 'eth1'] }, destinations: ['lan0'] } } },
  ],
  [
    'an empty line resets the list',
    network('lan0', 'BindCarrier=eth0\nBindCarrier=\nBindCarrier=eth2'),
    { groups: { lan0: { sources: ['eth2'], destinations: ['lan0'] } } },
  ],
  [
    'two links of one file',
    network('lan0 lan1', 'BindCarrier=eth0'),
    { groups: { 'lan0-lan1': { sources: ['eth0'], destinations: ['lan0', 'lan1'] } } },
  ],
  [
    'comments of both kinds',
    `# one\n; two\n${network('lan0', 'BindCarrier=eth0')}`,
    { groups: { lan0: { sources: ['eth0'], destinations: ['lan0'] } } },
  ],
];

describe('systemd.network', () => {
  test.each(networkd)('%s', (_name, text, config) => {
    expect(importedFrom('networkd', text)).toEqual(config);
    expect(recognised(text)).toBe('networkd');
  });

  test.each([
    ['a pattern', network('lan*', 'BindCarrier=eth0'), /^2: lan\*: a pattern/],
    ['a pattern of carriers', network('lan0', 'BindCarrier=eth*'), /^2: eth\*: a pattern/],
    [
      'no name',
      '[Match]\nMACAddress=02:00:00:00:00:01\n[Network]\nBindCarrier=eth0\n',
      /^4: BindCarrier= without a Name=/,
    ],
    ['no BindCarrier=', '[Match]\nName=lan0\n', /^1: there is no BindCarrier=/],
    [
      'a policy that would undo it',
      `${network('lan0', 'BindCarrier=eth0')}[Link]\nActivationPolicy=bound\n`,
      /^8: ActivationPolicy=bound: networkd goes on to follow it/,
    ],
  ])('%s is named', (_name, text, message) => {
    expect(leftOut('networkd', text)).toEqual([expect.stringMatching(message)]);
  });
});
