import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LinkRecord } from '../../src/link.ts';
import { RtnetlinkDecoder } from '../../src/wire/netlink.ts';
import { decodeAll } from '../support/recorder.ts';

interface Kernel {
  readonly release: string;
  readonly steps: readonly { readonly name: string; readonly datagram: string }[];
}

const { kernels } = JSON.parse(
  readFileSync(new URL('../fixtures/linux-drivers.json', import.meta.url), 'utf8'),
) as { readonly kernels: readonly Kernel[] };

const noCarrier = { adminUp: true, carrier: false, running: false } as const;

/** What each message says, on every kernel. */
const facts: Readonly<Record<string, Partial<LinkRecord>>> = {
  'a card whose cable is pulled': {
    ...noCarrier,
    ...{ name: 'e1000', kind: null, operstate: 'down', linkIndex: null, masterIndex: null, type: 1 },
  },
  'a VLAN whose parent has lost its carrier': {
    ...noCarrier,
    ...{ name: 'upper0', kind: 'vlan', operstate: 'lowerlayerdown', linkIndex: expect.any(Number) },
  },
  'a macvlan whose parent has lost its carrier': {
    ...noCarrier,
    ...{ name: 'upper0', kind: 'macvlan', operstate: 'lowerlayerdown', linkIndex: expect.any(Number) },
  },
  'a bond whose ports have lost their carriers': {
    ...noCarrier,
    ...{ name: 'src', kind: 'bond', operstate: 'down', linkIndex: null },
  },
  'a port of a bond with a carrier': {
    ...{ name: 'port0', kind: null, adminUp: true, carrier: true, masterIndex: expect.any(Number) },
  },
  'a team whose ports have lost their carriers': {
    ...noCarrier,
    name: 'src',
    kind: 'team',
    operstate: 'down',
  },
  'a vxlan that is set down': { name: 'src', kind: 'vxlan', adminUp: false, operstate: 'down' },
};

const cases = kernels.flatMap(({ release, steps }) =>
  steps.map(({ name, datagram }) => ({ release, name, datagram })),
);

test.each(cases)('a message of Linux $release about $name is decoded', ({ name, datagram }) => {
  const found = decodeAll(new RtnetlinkDecoder(), new Uint8Array(Buffer.from(datagram, 'hex')));
  expect(found).toMatchObject([{ is: 'link', listed: false, link: facts[name] }]);
});
