import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { linux, payloadOf } from '@ifdepd/netlink';
import { host, refusal, scriptedNetlink } from '@ifdepd/netlink/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openNetIf, type VfLinkState } from '../src/index.ts';
import { linkPayload } from '../src/link-messages.ts';
import { readVfLinkState, vfLinkStateAttribute } from '../src/vf-link-state.ts';

const { ifla, rtm, vfLinkStates } = linux;
const EOPNOTSUPP = 95;
const layout = linux.struct.ifla_vf_link_state;

function infoOf(vf: number, state: VfLinkState): Uint8Array {
  const value = host.struct(layout, { vf, link_state: vfLinkStates.indexOf(state) });
  // What a kernel reports before it.
  const mac = host.attribute(1, new Uint8Array(36));
  return host.nested(ifla.IFLA_VF_INFO, mac, host.attribute(ifla.IFLA_VF_LINK_STATE, value));
}

/** A card with virtual functions. */
function card(states: VfLinkState[], refuses = 0) {
  const requests: string[] = [];
  const libc = scriptedNetlink((request) => {
    const { type, sequence } = request;
    const bytes = Buffer.from(payloadOf(request));
    if (type === rtm.RTM_GETLINK) {
      const list = host.nested(ifla.IFLA_VFINFO_LIST, ...states.map((state, vf) => infoOf(vf, state)));
      return [host.message({ type: rtm.RTM_NEWLINK, sequence }, linkPayload([list]))];
    }
    requests.push(bytes.subarray(16).toString('hex'));
    for (const [vf] of states.entries()) {
      for (const to of vfLinkStates) {
        if (bytes.includes(Buffer.from(vfLinkStateAttribute(vf, to)))) {
          states[vf] = to;
        }
      }
    }
    return [refusal(sequence, refuses)];
  });
  return { netif: openNetIf({ libc }), states, requests };
}

test('a virtual function is read and set, the others stay, and what is right already is not written', () => {
  const { netif, states, requests } = card(['auto', 'enable', 'auto']);
  expect([0, 1].map((vf) => netif.vfLinkState('eth0', vf))).toEqual(['auto', 'enable']);
  expect(netif.setVfLinkState('eth0', 1, 'disable')).toEqual({ changed: true, before: 'enable' });
  expect(netif.setVfLinkState('eth0', 1, 'disable')).toEqual({ changed: false, before: 'disable' });
  expect(states).toEqual(['auto', 'disable', 'auto']);
  // IFLA_IFNAME eth0; IFLA_VFINFO_LIST, IFLA_VF_INFO, IFLA_VF_LINK_STATE: { vf 1, link_state 2 }.
  expect(requests).toEqual([
    '090003006574683000000000' + '14001680' + '10000180' + '0c000500' + '0100000002000000',
  ]);
  netif.close();
});

test('a function that the card does not have is not found, and so is a name that no interface can have', () => {
  const { netif } = card(['auto']);
  const missing = expect.objectContaining({ kind: 'not-found', subject: 'eth0/1' });
  expect(() => netif.vfLinkState('eth0', 1)).toThrow(missing);
  expect(() => netif.setVfLinkState('eth0', 1, 'disable')).toThrow(missing);
  netif.close();
});

test('a driver that cannot set the link state of its functions refuses it', () => {
  const { netif } = card(['auto'], EOPNOTSUPP);
  expect(() => netif.setVfLinkState('eth0', 0, 'disable')).toThrow(
    expect.objectContaining({ kind: 'unsupported', subject: 'eth0/0' }),
  );
  netif.close();
});

test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const)(
  '%s has no link state of virtual functions',
  (system) => {
    using netif = openNetIf({ libc: scriptedLibc({}, { target: targetOf(system) }) });
    expect(netif.vfLinkState('em0', 0)).toBeNull();
    expect(() => netif.setVfLinkState('em0', 0, 'disable')).toThrow(
      expect.objectContaining({ kind: 'unsupported' }),
    );
  },
);

test('the reader of virtual functions accepts any bytes and reads nothing beyond the end', () => {
  const known = linkPayload([host.nested(ifla.IFLA_VFINFO_LIST, infoOf(0, 'enable'), infoOf(1, 'disable'))]);
  expect([0, 1, 2].map((vf) => readVfLinkState(known, vf))).toEqual(['enable', 'disable', null]);
  fc.assert(
    fc.property(
      fc.nat(known.byteLength),
      fc.array(fc.tuple(fc.nat(known.byteLength - 1), fc.nat(255))),
      (length, changes) => {
        const bytes = Uint8Array.from(known);
        for (const [at, value] of changes) {
          bytes[at] = value;
        }
        expect([...vfLinkStates, null]).toContain(readVfLinkState(bytes.slice(0, length), 1));
      },
    ),
  );
});
