import { type Platform, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { expect, test } from 'vitest';
import { openNetIf, parseVhidName } from '../src/index.ts';

const machine = { of: 'machine', usual: 240, least: null };
const group = { of: 'group', usual: 1, least: 0 };

test.each([
  ['linux', null, null, true, 127],
  ['darwin', null, null, false, null],
  ['freebsd', 'vhid', machine, false, null],
  ['openbsd', 'interface', group, false, null],
  ['netbsd', 'interface', null, false, null],
  ['dragonfly', 'interface', null, false, null],
] as const satisfies readonly (readonly [Platform, unknown, unknown, boolean, number | null])[])(
  '%s: features come from the table, without a system call',
  (platform, carp, demotion, protoDown, alternativeNames) => {
    const libc = scriptedLibc({}, { target: targetOf(platform) });
    expect(openNetIf({ libc }).features).toEqual({
      carp,
      demotion,
      protoDown,
      vfLinkState: protoDown,
      hardware: protoDown,
      alternativeNames,
    });
    expect(libc.calls.map(({ name }) => name)).not.toContain('ioctl');
  },
);

test.each([
  ['1@em0', { vhid: 1, parent: 'em0' }],
  ['255@vlan100', { vhid: 255, parent: 'vlan100' }],
  ['0@em0', null],
  ['256@em0', null],
  ['01@em0', null],
  ['1@', null],
  ['@em0', null],
  ['em0', null],
  ['a@b', null],
])('%s as a vhid', (name, expected) => {
  expect(parseVhidName(name)).toEqual(expected);
});
