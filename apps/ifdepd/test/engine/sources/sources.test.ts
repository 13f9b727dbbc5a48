import type { LinkRecord } from '@ifdepd/linkwatch';
import { linkRecord } from '@ifdepd/linkwatch/testing';
import type { NetIf, NetIfFeatures } from '@ifdepd/netif';
import { expect, test } from 'vitest';
import { type Kind, sourceOf } from '../../../src/engine/sources/index.ts';
import { parseSettings } from '../../../src/index.ts';

/** What a file says for a source of each kind, and the id of it. */
const kinds: { readonly [K in Kind]: { readonly written: string; readonly id: string } } = {
  interface: { written: 'em0', id: 'em0' },
  vhid: { written: '"1@em0"', id: '1@em0' },
  check: { written: '{check: c}', id: 'check:c' },
  probe: { written: '{probe: p}', id: 'probe:p' },
  pattern: { written: '{match: "eth*"}', id: 'match:eth*' },
};

const freebsd: NetIfFeatures = {
  carp: 'vhid',
  protoDown: false,
  vfLinkState: false,
  hardware: false,
  demotion: null,
  alternativeNames: null,
};

/** A system on which every name means something, and nothing is active. */
const host = {
  links: { lookUp: (name: string) => linkRecord({ index: 1, name, carrier: false }) },
  netif: { features: freebsd, media: () => null, carp: () => null },
};

test.each(Object.entries(kinds))(
  '%s: the configuration accepts it and its id means that kind',
  (kind, { written, id }) => {
    const file = `groups: {g: {sources: [${written}], require: any, destinations: [carp0]}}\nchecks: {c: {file: /c}}\nprobes: {p: {ping: 192.0.2.1}}`;
    expect(parseSettings(file, 'x').policy.groups['g']?.require).toEqual({ any: [id] });
    const source = sourceOf(id, freebsd);
    expect([source.kind, source.id]).toEqual([kind, id]);
  },
);

test.each(Object.entries(kinds))(
  '%s: it is read from the host, or fed; it is failed where nothing is good',
  (_, { id }) => {
    const source = sourceOf(id, freebsd);
    expect(source.read?.(host).health ?? 'fed').toBe(
      [kinds.check.id, kinds.probe.id].includes(id) ? 'fed' : 'failed',
    );
  },
);

test.each(Object.entries(kinds))('%s: what it reads a message about is among its names', (_, { id }) => {
  const { kind, read, names, interface: name } = sourceOf(id, freebsd);
  // No message is about a pattern: it stands for what is not there.
  expect(names.length > 0).toBe(read !== null && kind !== 'pattern');
  expect(name === null || names.includes(name)).toBe(true);
});

test.each(Object.entries(kinds))(
  '%s: it exists where the system has it, and where it need not',
  (_, { id }) => {
    const carp = () => ({ state: 'master', nodes: [], advbase: 1, parent: 'em0' }) as const;
    expect(sourceOf(id, freebsd).exists({ flags: () => ({ up: true }) as never, carp })).toBe(true);
  },
);

test('a vhid where carp has interfaces of its own: an interface that this system cannot have', () => {
  const openbsd: NetIfFeatures = { ...freebsd, carp: 'interface' };
  expect(sourceOf('1@em0', openbsd).kind).toBe('interface');
  expect(sourceOf('1@em0', openbsd).fault(openbsd)).toContain('name that one (carp0)');
  expect(sourceOf('1@em0', freebsd).fault(freebsd)).toBeNull();
});

test.each([
  ['match:eth*', 'no interface matches eth*'],
  ['match:eth*#3', 'fewer than 3 interfaces match eth*'],
  ['mac:52:54:00:00:00:01', 'no interface matches mac 52:54:00:00:00:01'],
  [
    'match:eth*,mac:52:54:00:00:00:01,driver:mlx5*',
    'no interface matches eth* and mac 52:54:00:00:00:01 and driver mlx5*',
  ],
])('%s stands for interfaces that are not there: failed, %s', (id, reason) => {
  expect(sourceOf(id, freebsd).read?.(host)).toEqual({ health: 'failed', reason });
});

test('a system without ethtool refuses mac and driver, and names the way out', () => {
  const linux: NetIfFeatures = { ...freebsd, hardware: true };
  for (const id of ['mac:52:54:00:00:00:01', 'driver:em', 'match:em*,driver:em']) {
    expect(sourceOf(id, freebsd).fault(freebsd)).toContain('on Linux only');
    expect(sourceOf(id, linux).fault(linux)).toBeNull();
  }
  expect(sourceOf('match:em*', freebsd).fault(freebsd)).toBeNull();
});

test('a source that fails with its carrier has one interface', () => {
  const followers = Object.values(kinds)
    .map(({ id }) => sourceOf(id, freebsd))
    .filter((one) => one.followsCarrier);
  expect(followers.map((one) => one.interface)).toEqual(followers.map(({ id }) => id));
});

test('an interface is silent where its driver keeps no link state and knows its media, and not otherwise', () => {
  const unknown = linkRecord({ index: 1, name: 'em0', carrier: null, operstate: 'unknown' });
  const isSilent = (link: LinkRecord | undefined, media: NetIf['media']) =>
    sourceOf('em0', freebsd).isSilent({ links: { lookUp: () => link }, netif: { ...host.netif, media } });
  const known = () => ({ valid: true, active: false });
  expect(isSilent(unknown, known)).toBe(true);
  expect(isSilent(unknown, () => ({ valid: false, active: true }))).toBe(false);
  expect(isSilent(unknown, () => null)).toBe(false);
  expect(
    isSilent(unknown, () => {
      throw new Error('refused');
    }),
  ).toBe(false);
  expect(isSilent(linkRecord({ index: 1, name: 'em0' }), known)).toBe(false);
  expect(isSilent(undefined, known)).toBe(false);
});
