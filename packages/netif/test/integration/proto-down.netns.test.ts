import { cable, enterNewNamespace, ip } from '@ifdepd/netlab';
import { beforeEach, describe, expect, test } from 'vitest';
import { type NetIf, openNetIf } from '../../src/index.ts';

/** Two reasons that no other program has in our own namespace. ip(8) shows the first eight bits only. */
const OURS = 5;
const THEIRS = 3;

let netif: NetIf;

beforeEach(() => {
  enterNewNamespace();
  cable('eth7');
  ip('link', 'add', 'mv7', 'link', 'eth7', 'type', 'macvlan');
  ip('link', 'set', 'mv7', 'up');
  netif = openNetIf();
  return () => netif.close();
});

/** The protodown that ip(8) shows. */
function shown(): { readonly on: boolean; readonly reasons: readonly string[]; readonly carrier: boolean } {
  const [link] = JSON.parse(ip('-j', '-d', 'link', 'show', 'mv7')) as {
    proto_down?: boolean;
    proto_down_reason?: string[];
    flags: string[];
  }[];
  return {
    on: link?.proto_down ?? false,
    reasons: link?.proto_down_reason ?? [],
    carrier: link?.flags.includes('LOWER_UP') ?? false,
  };
}

test('setProtoDown sets and clears protodown with a reason', () => {
  expect(netif.protoDown('mv7')).toEqual({ on: false, reasons: 0, carrier: true });
  const set = netif.setProtoDown('mv7', 'on', OURS);
  expect(set).toMatchObject({ changed: true, after: { on: true, reasons: 2 ** OURS, carrier: false } });
  expect(shown()).toEqual({ on: true, reasons: [`${OURS}`], carrier: false });
  expect(netif.setProtoDown('mv7', 'on', OURS).changed).toBe(false);
  expect(netif.setProtoDown('mv7', 'off', OURS).after).toEqual({ on: false, reasons: 0, carrier: true });
  expect(shown()).toEqual({ on: false, reasons: [], carrier: true });
  expect(netif.setProtoDown('mv7', 'off', OURS).changed).toBe(false);
});

test('setProtoDown accepts the highest of the 32 bits', () => {
  expect(netif.setProtoDown('mv7', 'on', 31).after.reasons).toBe(2 ** 31);
  expect(netif.setProtoDown('mv7', 'off', 31).after).toMatchObject({ on: false, reasons: 0 });
  for (const none of [-1, 32, 0.5]) {
    expect(() => netif.setProtoDown('mv7', 'on', none)).toThrow(RangeError);
  }
});

describe('a reason of another program', () => {
  beforeEach(() => {
    ip('link', 'set', 'mv7', 'protodown', 'on', 'protodown_reason', `${THEIRS}`, 'on');
  });

  test('stays when ours is removed, and keeps the carrier off', () => {
    expect(netif.setProtoDown('mv7', 'on', OURS)).toMatchObject({
      changed: true,
      after: { reasons: 2 ** OURS + 2 ** THEIRS },
    });
    const released = netif.setProtoDown('mv7', 'off', OURS);
    expect(released).toMatchObject({ changed: true, after: { on: true, reasons: 2 ** THEIRS } });
    expect(shown()).toEqual({ on: true, reasons: [`${THEIRS}`], carrier: false });
  });

  test('can be removed while ours stays; protodown ends with the last reason', () => {
    netif.setProtoDown('mv7', 'on', OURS);
    ip('link', 'set', 'mv7', 'protodown_reason', `${THEIRS}`, 'off');
    expect(() => ip('link', 'set', 'mv7', 'protodown', 'off')).toThrow(/active reasons/);
    expect(netif.setProtoDown('mv7', 'off', OURS).after.on).toBe(false);
  });

  test('is not removed by us', () => {
    expect(netif.setProtoDown('mv7', 'off', OURS)).toMatchObject({
      changed: false,
      after: { on: true, reasons: 2 ** THEIRS },
    });
  });
});

test('setProtoDown again takes a carrier that a macvlan got back', () => {
  netif.setProtoDown('mv7', 'on', OURS);
  ip('link', 'set', 'eth7', 'down');
  ip('link', 'set', 'eth7', 'up');
  expect(netif.protoDown('mv7')).toMatchObject({ on: true, carrier: true });
  expect(netif.setProtoDown('mv7', 'on', OURS)).toMatchObject({ changed: true, after: { carrier: false } });
});

test('knowsProtoDown asks the driver and changes nothing', () => {
  const before = ip('-j', '-d', 'link', 'show');
  expect(netif.knowsProtoDown('mv7')).toBe(true);
  expect(netif.knowsProtoDown('eth7')).toBe(false);
  expect(netif.knowsProtoDown('nothere')).toBeNull();
  expect(ip('-j', '-d', 'link', 'show')).toBe(before);
});

test('keepsProtoDownReasons asks the kernel and changes nothing', () => {
  const before = ip('-j', '-d', 'link', 'show', 'mv7');
  // Linux 5.9 and later, and no test runs on an older one.
  expect(netif.keepsProtoDownReasons('mv7')).toBe(true);
  expect(netif.keepsProtoDownReasons('eth7')).toBe(true);
  expect(ip('-j', '-d', 'link', 'show', 'mv7')).toBe(before);
});

test('setProtoDown is unsupported by veth, and not-found for a missing interface', () => {
  expect(() => netif.setProtoDown('eth7', 'on', OURS)).toThrow(
    expect.objectContaining({ code: 'EOPNOTSUPP', subject: 'eth7' }),
  );
  expect(netif.protoDown('eth7')).toMatchObject({ on: false });
  for (const name of ['never0', 'sixteen-bytes-xy']) {
    expect(() => netif.protoDown(name)).toThrow(expect.objectContaining({ kind: 'not-found' }));
  }
});
