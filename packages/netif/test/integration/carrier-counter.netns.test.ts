import { readFileSync } from 'node:fs';
import { enterNewNamespace, ip, mountSysfs, type Tap, tap, tapFault, until } from '@ifdepd/netlab';
import { beforeEach, describe, expect, test } from 'vitest';
import { type CarrierCounter, openCarrierCounter } from '../../src/linux/index.ts';

interface LinkOfIp {
  readonly stats64: { readonly tx: { readonly carrier_changes: number } };
}

/** The count that ip(8) shows, from the messages of the kernel. */
function reported(name: string): number {
  const [link] = JSON.parse(ip('-j', '-s', '-s', 'link', 'show', name)) as LinkOfIp[];
  return link?.stats64.tx.carrier_changes ?? Number.NaN;
}

function opened(name: string): CarrierCounter {
  const counter = openCarrierCounter(name);
  if (counter === null) {
    throw new Error(`${name} has no counter`);
  }
  return counter;
}

describe('a carrier counter in the network namespace of the sysfs', () => {
  let em0: Tap;

  beforeEach(({ skip }) => {
    const fault = tapFault();
    skip(fault !== null, fault ?? '');
    enterNewNamespace();
    const refusal = mountSysfs();
    skip(refusal !== null, refusal ?? '');
    em0 = tap('em0');
    return () => em0[Symbol.dispose]();
  });

  test('counts each change at once, while the kernel holds its messages back', async () => {
    using counter = opened('em0');
    const before = counter.read();
    expect(before).toBe(reported('em0'));
    // The first loss opens the kernel's second; the kernel reports the later ones late.
    em0.cut();
    expect(counter.read()).toBe(before + 1);
    em0.repair();
    em0.cut();
    em0.repair();
    expect(counter.read()).toBe(before + 4);
    await until('the message of the kernel', () => reported('em0') === before + 4);
  });

  test('continues after a rename', () => {
    using counter = opened('em0');
    const before = counter.read();
    ip('link', 'set', 'em0', 'name', 'wan0');
    em0.cut();
    expect(counter.read()).toBe(before + 1);
    expect(openCarrierCounter('em0')).toBeNull();
  });

  test('ends with its interface and does not count for the next interface of the name', () => {
    using counter = opened('em0');
    em0[Symbol.dispose]();
    expect(counter.read()).toBe(-1);
    em0 = tap('em0');
    em0.cut();
    expect(counter.read()).toBe(-1);
    using next = opened('em0');
    const before = next.read();
    em0.repair();
    expect(next.read()).toBe(before + 1);
  });

  test('exists for an interface without a hardware address', () => {
    ip('tuntap', 'add', 'tun0', 'mode', 'tun');
    using counter = opened('tun0');
    expect(counter.read()).toBe(reported('tun0'));
  });

  test('is null for a missing interface; a path is refused', () => {
    expect(openCarrierCounter('em1')).toBeNull();
    expect(() => openCarrierCounter('../net/em0')).toThrow(RangeError);
    expect(() => openCarrierCounter('')).toThrow(RangeError);
  });

  test('is null for an interface of another namespace with the same name', () => {
    // Names, and where the kernel numbers them by namespace indices too, are the same: addresses differ.
    expect(readFileSync('/sys/class/net/em0/ifindex', 'latin1')).not.toBe('');
    enterNewNamespace();
    using foreign = tap('em0');
    expect(foreign.name).toBe('em0');
    expect(openCarrierCounter('em0')).toBeNull();
  });

  test('is null for the same index with another address, and exists for the same index and address', () => {
    ip('link', 'add', 'x0', 'index', '7000', 'address', '02:00:00:00:00:01', 'type', 'veth');
    enterNewNamespace();
    ip('link', 'add', 'x0', 'index', '7000', 'address', '02:00:00:00:00:02', 'type', 'veth');
    expect(openCarrierCounter('x0')).toBeNull();
    ip('link', 'set', 'x0', 'address', '02:00:00:00:00:01');
    // Nothing distinguishes the two. So a user of the counter compares the count as well.
    using counter = openCarrierCounter('x0');
    expect(counter).not.toBeNull();
  });
});

test('openCarrierCounter returns null in a network namespace that the sysfs does not show', () => {
  enterNewNamespace();
  ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'em0-x');
  expect(openCarrierCounter('em0')).toBeNull();
});
