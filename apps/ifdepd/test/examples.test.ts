import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@ifdepd/policy';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../src/cli/arguments/arguments.ts';
import { commandLineSettings } from '../src/cli/arguments/command-line-settings.ts';
import { parseSettings } from '../src/config/parse-settings.ts';
import type { Settings } from '../src/config/settings.ts';
import { downAfter } from './support/down-after.ts';
import { has, rcScript, rcSystems } from './support/rc-script.ts';

const examples = fileURLToPath(new URL('../examples', import.meta.url));
const text = (path: string): string => readFileSync(join(examples, path), 'utf8');

/** What each example is, as its system would start it, and what its README says happens when sources fail. */
const cases: readonly {
  readonly file: string;
  readonly sources: readonly string[];
  /** Failed sources, and what is down then. */
  readonly down: readonly (readonly [failed: readonly string[], down: readonly string[]])[];
}[] = [
  {
    file: 'openbsd-carp-firewall/rc.conf.local',
    sources: ['em0', 'bge0', 'pppoe0'],
    down: [
      [['em0'], ['carp0', 'carp1']],
      [['bge0'], ['carp0', 'carp1']],
      [['pppoe0'], ['carp0', 'carp1']],
    ],
  },
  {
    file: 'freebsd-vhids/rc.conf',
    sources: ['em0', 'bge0', 'igb0'],
    down: [
      [['igb0'], ['1@em0', '2@bge0']],
      [['em0'], ['1@em0', '2@bge0']],
    ],
  },
  {
    file: 'dragonfly-carp/rc.conf',
    sources: ['em0', 'em1'],
    down: [
      [['em0'], ['carp0', 'carp1']],
      [['em1'], ['carp0', 'carp1']],
    ],
  },
  { file: 'wan-follows-carp/openbsd/rc.conf.local', sources: ['carp0'], down: [[['carp0'], ['em0']]] },
  { file: 'wan-follows-carp/freebsd/rc.conf', sources: ['1@bge0'], down: [[['1@bge0'], ['em0']]] },
  {
    file: 'linux-keepalived/ifdepd.conf',
    sources: ['eth0', 'eth1'],
    down: [
      [['eth0'], ['vrrp.51', 'vrrp.52']],
      [['eth1'], ['vrrp.51', 'vrrp.52']],
    ],
  },
  {
    file: 'linux-stay-up-alone/ifdepd.conf',
    sources: ['eth0', 'eth1'],
    down: [[['eth0'], ['vrrp.51']]],
  },
  {
    file: 'linux-uplinks/ifdepd.conf',
    sources: ['eth2', 'eth3', 'eth4', 'bond0'],
    down: [
      [['eth3'], []],
      [['eth2'], []],
      [['eth3', 'eth4'], ['vrrp.51']],
      [
        ['eth2', 'eth3'],
        ['vrrp.51', '/run/keepalived/preference'],
      ],
      [['bond0'], ['vrrp.53']],
    ],
  },
  {
    file: 'ifdepd.conf',
    sources: ['eth0', 'eth1', 'eth2', 'eth3', 'eth4', 'check:maintenance'],
    down: [
      [['eth0'], ['vrrp.51', 'vrrp.52']],
      [['eth2'], []],
      [['check:maintenance'], ['/run/keepalived/uplinks']],
    ],
  },
];

/** The words that a system's script starts the program with. */
function words(file: string): readonly string[] {
  if (file.endsWith('rc.conf.local')) {
    const flags = /^ifdepd_flags=(.*)$/m.exec(text(file))?.[1] ?? '';
    return rcScript(rcSystems.openbsd, ['sh'], flags).run('start').program ?? [];
  }
  return rcScript(rcSystems.freebsd, ['sh'], text(file)).run('start').program ?? [];
}

function settingsOf(file: string): Settings {
  if (file.endsWith('ifdepd.conf')) {
    return parseSettings(text(file), file);
  }
  const invocation = readArguments(words(file));
  const group = invocation.command === 'daemon' ? invocation.arguments.group : null;
  return commandLineSettings(group ?? expect.unreachable(`${file} starts no daemon`));
}

test('every example is here', () => {
  const files = readdirSync(examples, { recursive: true, encoding: 'utf8' });
  const configurations = files.filter((file) => /(^|\/)(ifdepd\.conf|rc\.conf|rc\.conf\.local)$/.test(file));
  expect(configurations.sort()).toEqual(cases.map(({ file }) => file).sort());
});

describe.each(cases)('$file', ({ file, sources, down }) => {
  test.each(down)('%s failed', (failed, expected) => {
    const policy = compile(settingsOf(file).policy);
    expect(downAfter(policy, sources, []).length).toBe(0);
    expect(downAfter(policy, sources, failed).sort()).toEqual([...expected].sort());
  });
});

/** Names on both sides of a rule, without the vhid. */
function interfacesOf(file: string): string[] {
  const given = words(file);
  const list = given[given.indexOf('-S') + 1]?.split(':') ?? [];
  return [...settingsOf(file).destinations.keys(), ...list].map((name) => name.replace(/^\d+@/, ''));
}

describe('interfaces that a rule names are set up by the example itself', () => {
  test.each(['openbsd-carp-firewall', 'wan-follows-carp/openbsd'])('%s', (directory) => {
    const files = readdirSync(join(examples, directory));
    const missing = interfacesOf(`${directory}/rc.conf.local`).filter(
      (name) => !files.includes(`hostname.${name}`),
    );
    expect(missing).toEqual([]);
  });

  test.each(['freebsd-vhids', 'dragonfly-carp', 'wan-follows-carp/freebsd'])('%s', (directory) => {
    const file = `${directory}/rc.conf`;
    const missing = interfacesOf(file).filter((name) => !text(file).includes(`ifconfig_${name}=`));
    expect(missing).toEqual([]);
  });

  test('freebsd-vhids: each vhid belongs to the interface that the rule says', () => {
    const file = 'freebsd-vhids/rc.conf';
    const vhids = [...text(file).matchAll(/ifconfig_(\w+)_alias0="inet vhid (\d+)/g)].map(
      ([, name, vhid]) => `${vhid}@${name}`,
    );
    expect([...settingsOf(file).destinations.keys()]).toEqual(vhids);
  });

  test('the keepalived example makes each interface that its rules name', () => {
    const virtual = [...text('linux-keepalived/keepalived.conf').matchAll(/use_vmac (\S+)/g)].map(
      ([, name]) => name,
    );
    expect([...settingsOf('linux-keepalived/ifdepd.conf').destinations.keys()]).toEqual(virtual);
  });
});

test('keepalived accepts its configuration', ({ skip }) => {
  const namespace = ['--user', '--map-root-user', '--net'];
  skip(spawnSync('unshare', [...namespace, 'true']).status !== 0, 'no network namespace for ordinary users');
  skip(!has('keepalived'), 'keepalived is not installed');
  const path = join(examples, 'linux-keepalived/keepalived.conf');
  const cables = 'for i in eth0 eth1; do ip link add $i type veth peer name p$i || exit 1; done';
  const { status, stderr, stdout } = spawnSync(
    'unshare',
    [...namespace, 'sh', '-c', `${cables}; exec keepalived -t -f "$1"`, 'sh', path],
    { encoding: 'utf8' },
  );
  expect({ status, said: stderr + stdout }).toEqual({
    status: 0,
    said: expect.not.stringMatching(/unknown|error/i),
  });
});
