import { describe, expect, test } from 'vitest';
import { formOf, forms } from '../../../src/cli/import/forms.ts';
import { type Example, importedFrom, leftOut, recognised } from '../../support/imported.ts';

const ifquery = (name: string) => [
  'sh',
  '-c',
  '/sbin/ifquery --state "$0" >/dev/null && echo up || echo down',
  name,
];

/** The script of ifplugd, with the state that ifupdown knows where that script runs it. */
const action = (name: string, ...extra: string[]) => ({
  exec: {
    up: ['/etc/ifplugd/ifplugd.action', name, 'up', ...extra],
    down: ['/etc/ifplugd/ifplugd.action', name, 'down', ...extra],
    read: ifquery(name),
  },
  name,
  timeout: '60s',
});

const ownScript = (name: string, path: string) => ({
  exec: { up: [path, name, 'up'], down: [path, name, 'down'] },
  name,
  timeout: '60s',
});

const ifplugd: readonly Example[] = [
  [
    'the options that Debian writes: ten seconds without a link',
    'INTERFACES="eth0"\nHOTPLUG_INTERFACES=""\nARGS="-q -f -u0 -d10 -w -I"\nSUSPEND_ACTION="stop"\n',
    { groups: { eth0: { sources: ['eth0'], destinations: [action('eth0')], 'down-delay': '10s' } } },
  ],
  [
    'no options: five seconds without a link, and the script for down at the end',
    'INTERFACES=eth0\nHOTPLUG_INTERFACES=\n',
    {
      groups: {
        eth0: {
          sources: ['eth0'],
          destinations: [action('eth0')],
          'down-delay': '5s',
          'on-exit': 'down',
        },
      },
    },
  ],
  [
    'two interfaces, one with options of its own',
    `INTERFACES="eth0 eth1"\nARGS="-q -u 2 -d 3"\nARGS_eth1='-qd1'\n`,
    {
      groups: {
        eth0: { sources: ['eth0'], destinations: [action('eth0')], 'up-delay': '2s', 'down-delay': '3s' },
        eth1: { sources: ['eth1'], destinations: [action('eth1')], 'down-delay': '1s' },
      },
    },
  ],
  [
    'options of its own for a name with a hyphen',
    'INTERFACES="usb-lan"\nARGS="-q"\nARGS_usb_lan="-q -d0"\n',
    { groups: { 'usb-lan': { sources: ['usb-lan'], destinations: [action('usb-lan')] } } },
  ],
  [
    'long options',
    'INTERFACES="eth0"\nARGS="--no-shutdown --delay-up=3 --delay-down 7 --extra-arg=office"\n',
    {
      groups: {
        eth0: {
          sources: ['eth0'],
          destinations: [action('eth0', 'office')],
          'up-delay': '3s',
          'down-delay': '7s',
        },
      },
    },
  ],
  [
    'an interface that is plugged in later, and stands in both lists',
    'INTERFACES="usb0"\nHOTPLUG_INTERFACES="usb0 usb1"\nARGS="-q -d0"\n',
    {
      groups: {
        usb0: { sources: ['usb0'], destinations: [action('usb0')] },
        usb1: { sources: ['usb1'], destinations: [action('usb1')] },
      },
    },
  ],
  [
    'another script, and an interface that ifplugd leaves down',
    'INTERFACES="eth0"\nARGS="-qar /usr/local/sbin/link -d0" # polls\n',
    { groups: { eth0: { sources: ['eth0'], destinations: [ownScript('eth0', '/usr/local/sbin/link')] } } },
  ],
];

describe('ifplugd', () => {
  test.each(ifplugd)('ifplugd: %s', (_name, text, config) => {
    expect(importedFrom('ifplugd', text)).toEqual(config);
    expect(recognised(text)).toBe('ifplugd');
  });

  test.each([
    [
      'all',
      'INTERFACES="auto"\nHOTPLUG_INTERFACES="all"\n',
      ['1: INTERFACES auto:', '2: HOTPLUG_INTERFACES all:'],
    ],
    ['a shell variable', 'INTERFACES="$LAN"\n', ['1: INTERFACES $LAN:']],
    [
      'no interface',
      'INTERFACES=""\nARGS="-q"\n',
      ['1: INTERFACES and HOTPLUG_INTERFACES name no interface'],
    ],
  ])('ifplugd: %s in place of a name is reported as not taken', (_name, text, begins) => {
    expect(leftOut('ifplugd', text)).toEqual(begins.map((begin) => expect.stringContaining(begin)));
  });

  test.each([
    ['-q', 'end it with: ip link set eth0 up'],
    ['-qap', 'kills what the script leaves running when it ends'],
    ['-q -r /bin/link', "only with a 'read' that prints down"],
  ])('ifplugd %s: a comment names what ifdepd does not do: %s', (args, remark) => {
    expect(remarksOf(args)).toContain(remark);
  });

  test('ifplugd -a -p: no comment asks to set the interface up, or to run the script at the start', () => {
    expect(remarksOf('-a -p -r /bin/link')).not.toMatch(/ip link set|prints down/);
  });
});

/** What the reader has to know, a line each. */
function remarksOf(args: string): string {
  return forms.ifplugd.read(`INTERFACES=eth0\nARGS="${args}"\n`).groups[0]?.remarks.join('\n') ?? '';
}

describe('netplugd', () => {
  test('netplugd: each line is an interface; a pattern is reported as not taken', () => {
    const text = '# cards\neth0\nwlan-1 # inside\neth*\n';
    const script = '/etc/netplug/netplug';
    const group = (name: string) => ({
      sources: [name],
      destinations: [
        {
          exec: { up: [script, name, 'in'], down: [script, name, 'out'], read: ifquery(name) },
          name,
          timeout: '60s',
        },
      ],
    });
    expect(importedFrom('netplugd', text)).toEqual({
      groups: { eth0: group('eth0'), 'wlan-1': group('wlan-1') },
    });
    expect(leftOut('netplugd', text)).toEqual([
      '4: eth*: a pattern; write a group for each interface by its name',
    ]);
  });
});

test.each([
  ['/etc/default/ifplugd', 'ifplugd'],
  ['/etc/ifplugd/ifplugd.conf', 'ifplugd'],
  ['/etc/netplug/netplugd.conf', 'netplugd'],
  ['/etc/default/isc-dhcp-server', null],
])('%s without telling content: its name says whose it is', (file, form) => {
  expect(formOf('INTERFACES=eth0\n', file)).toBe(form);
});
