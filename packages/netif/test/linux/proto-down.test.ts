import { linux, NetlinkClient } from '@ifdepd/netlink';
import { openOperator, type ScriptedLinux, scriptedLinux } from '@ifdepd/scripted-kernels';
import { expect, test } from 'vitest';
import { type NetIf, openNetIf } from '../../src/index.ts';
import { linkPayload, nameAttribute, reasonBit } from '../../src/link-messages.ts';

const OURS = 5;
const THEIRS = 3;

/** A macvlan with a carrier, on a card that is up. */
function host(): { kernel: ScriptedLinux; netif: NetIf } {
  const kernel = scriptedLinux();
  kernel.attach('eth7');
  using operator = openOperator(kernel.libc);
  operator.apply({ op: 'create', kind: 'macvlan', name: 'mv7', on: 'eth7', id: 1 });
  for (const name of ['eth7', 'mv7']) {
    operator.apply({ op: 'admin', name, to: 'up', by: 'netlink' });
  }
  return { kernel, netif: openNetIf({ libc: kernel.libc }) };
}

test('setProtoDown sets protodown with its reason, removes both, and writes nothing that is set already', () => {
  const { netif } = host();
  const before = { on: false, reasons: 0, carrier: true };
  const after = { on: true, reasons: 2 ** OURS, carrier: false };
  expect(netif.protoDown('mv7')).toEqual(before);
  expect(netif.setProtoDown('mv7', 'on', OURS)).toEqual({ changed: true, before, after });
  expect(netif.setProtoDown('mv7', 'on', OURS)).toEqual({ changed: false, before: after, after });
  expect(netif.setProtoDown('mv7', 'off', OURS)).toEqual({ changed: true, before: after, after: before });
  expect(netif.setProtoDown('mv7', 'off', OURS)).toEqual({ changed: false, before, after: before });
});

test('setProtoDown off leaves the reason of another program, and protodown stays on for it', () => {
  const { netif } = host();
  netif.setProtoDown('mv7', 'on', THEIRS);
  netif.setProtoDown('mv7', 'on', OURS);
  expect(netif.protoDown('mv7')?.reasons).toBe(2 ** OURS + 2 ** THEIRS);
  expect(netif.setProtoDown('mv7', 'off', OURS)).toMatchObject({
    changed: true,
    after: { on: true, reasons: 2 ** THEIRS },
  });
  expect(netif.setProtoDown('mv7', 'off', OURS)).toMatchObject({
    changed: false,
    after: { on: true, reasons: 2 ** THEIRS },
  });
});

test('setProtoDown on writes where the reason is set without protodown', () => {
  const { kernel, netif } = host();
  using client = new NetlinkClient({ libc: kernel.libc });
  const named = nameAttribute('mv7') ?? new Uint8Array();
  const payload = linkPayload([named, reasonBit(2 ** OURS, true)]);
  client.set({ type: linux.rtm.RTM_SETLINK, name: 'a reason alone', payload });
  kernel.cable('eth7', 'down');
  // The kernel holds the loss back for up to a second.
  kernel.pass(1000);
  expect(netif.protoDown('mv7')).toEqual({ on: false, reasons: 2 ** OURS, carrier: false });
  expect(netif.setProtoDown('mv7', 'on', OURS)).toMatchObject({ changed: true, after: { on: true } });
});

test('setProtoDown accepts the highest of the 32 reasons', () => {
  const { netif } = host();
  expect(netif.setProtoDown('mv7', 'on', 31).after.reasons).toBe(2 ** 31);
  expect(netif.setProtoDown('mv7', 'off', 31).after).toEqual({ on: false, reasons: 0, carrier: true });
});

test('setProtoDown off ends a protodown that was set without a reason', () => {
  const { kernel, netif } = host();
  using operator = openOperator(kernel.libc);
  operator.apply({ op: 'protodown', name: 'mv7', to: 'on' });
  expect(netif.setProtoDown('mv7', 'off', OURS)).toMatchObject({ changed: true, after: { on: false } });
});

test('setProtoDown on takes the carrier again that a macvlan got back', () => {
  const { kernel, netif } = host();
  netif.setProtoDown('mv7', 'on', OURS);
  using operator = openOperator(kernel.libc);
  for (const to of ['down', 'up'] as const) {
    operator.apply({ op: 'admin', name: 'eth7', to, by: 'netlink' });
  }
  expect(netif.protoDown('mv7')).toMatchObject({ on: true, carrier: true });
  expect(netif.setProtoDown('mv7', 'on', OURS)).toMatchObject({ changed: true, after: { carrier: false } });
});

test('setProtoDown off goes on when another program adds its reason after the read', () => {
  const { kernel, netif } = host();
  netif.setProtoDown('mv7', 'on', OURS);
  let hasRead = false;
  const { sendto } = kernel.libc;
  using other = openNetIf({ libc: kernel.libc });
  using ours = openNetIf({
    libc: {
      ...kernel.libc,
      sendto(fd, bytes, flags, to) {
        // The first request reads, the second writes.
        if (hasRead) {
          hasRead = false;
          other.setProtoDown('mv7', 'on', THEIRS);
        } else {
          hasRead = true;
        }
        return sendto(fd, bytes, flags, to);
      },
    },
  });
  expect(ours.setProtoDown('mv7', 'off', OURS)).toMatchObject({
    changed: true,
    after: { on: true, reasons: 2 ** THEIRS },
  });
});

test('knowsProtoDown and keepsProtoDownReasons ask by a request that changes nothing', () => {
  const { kernel, netif } = host();
  const before = { ...kernel.link('mv7') };
  expect([netif.knowsProtoDown('mv7'), netif.knowsProtoDown('eth7')]).toEqual([true, false]);
  expect([netif.keepsProtoDownReasons('mv7'), netif.keepsProtoDownReasons('eth7')]).toEqual([true, true]);
  expect(kernel.link('mv7')).toEqual(before);
  expect(netif.knowsProtoDown('nothere')).toBeNull();
  kernel.privileged = false;
  expect(netif.knowsProtoDown('mv7')).toBeNull();
  expect(() => netif.keepsProtoDownReasons('mv7')).toThrow(
    'mv7: operation not permitted (RTM_SETLINK IFLA_PROTO_DOWN: EPERM)',
  );
});

test('setProtoDown is unsupported by a card, and not-found for a missing interface', () => {
  const { netif } = host();
  expect(() => netif.setProtoDown('eth7', 'on', OURS)).toThrow(
    'eth7: operation not supported (RTM_SETLINK IFLA_PROTO_DOWN: EOPNOTSUPP)',
  );
  expect(() => netif.protoDown('never0')).toThrow('never0: no such device (RTM_GETLINK: ENODEV)');
});

test('setProtoDown off throws when the kernel refuses it for another reason than a new one', () => {
  const { kernel, netif } = host();
  netif.setProtoDown('mv7', 'on', OURS);
  kernel.privileged = false;
  expect(() => netif.setProtoDown('mv7', 'off', OURS)).toThrow(expect.objectContaining({ code: 'EPERM' }));
});

test('resolve finds an interface by its name and by an alternative name, and null by none', () => {
  const { kernel, netif } = host();
  using operator = openOperator(kernel.libc);
  operator.apply({ op: 'altname', name: 'mv7', to: 'an-alternative-name-that-is-long' });
  const { index } = kernel.link('mv7');
  expect(netif.resolve('mv7')).toEqual({ index, name: 'mv7' });
  expect(netif.resolve('an-alternative-name-that-is-long')).toEqual({ index, name: 'mv7' });
  expect(netif.resolve('never0')).toBeNull();
  expect(netif.resolve('')).toBeNull();
  expect(netif.flags('an-alternative-name-that-is-long').up).toBe(true);
  expect(() => netif.flags('another-alternative-name')).toThrow(
    'another-alternative-name: no such device (ioctl SIOCGIFFLAGS: ENODEV)',
  );
});
