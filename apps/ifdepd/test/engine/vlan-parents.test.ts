import { expect, onTestFinished, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { realLoop } from '../../src/system/loop.ts';
import { quietLog } from '../support/quiet-log.ts';
import { scriptedLinux } from '../support/scripted-linux.ts';

/** A VLAN that is held down, since its source is lost; the link below is in no configuration. */
function held(parents: Readonly<Record<string, string>> = { vlan10: 'eth0' }) {
  const others = ['eth0', 'eth1', 'vlan20'];
  const kernel = scriptedLinux(['s0'], ['vlan10', ...others], () => 0);
  for (const [name, parent] of Object.entries(parents)) {
    kernel.putOn(name, parent);
  }
  const policy = { groups: { g: { require: { all: ['s0'] }, destinations: ['vlan10'] } } };
  const { libc, now } = kernel;
  const daemon = startDaemon({ policy, log: quietLog, libc, loop: { ...realLoop, now }, earlyLoss: 'off' });
  onTestFinished(() => daemon.close());
  kernel.carrier('s0', 'down');
  kernel.wake();
  expect(kernel.isUp('vlan10')).toBe(false);
  return { kernel, daemon };
}

/** The link below goes down and up in one second, again and again. */
test('a VLAN that the kernel raises with its parent is set down at once each time, and nobody is blamed', () => {
  const { kernel, daemon } = held();
  for (let round = 0; round < 20; round += 1) {
    kernel.lower('eth0');
    kernel.raise('eth0');
    kernel.wake();
    expect(kernel.isUp('vlan10'), `round ${round}`).toBe(false);
    kernel.pass(50);
  }
  expect(daemon.status.destinations[0]?.foreignChanges).toBe(0);
});

test('a VLAN on a VLAN is set down at once, too', () => {
  const { kernel, daemon } = held({ vlan10: 'vlan20', vlan20: 'eth0' });
  for (let round = 0; round < 3; round += 1) {
    kernel.lower('eth0');
    kernel.raise('eth0');
    kernel.wake();
    expect(kernel.isUp('vlan10'), `round ${round}`).toBe(false);
  }
  expect(daemon.status.destinations[0]?.foreignChanges).toBe(0);
});

test('a VLAN that a program raises while its parent stays up is a foreign change, with backoff', () => {
  const { kernel, daemon } = held();
  kernel.raise('vlan10');
  kernel.wake();
  expect(kernel.isUp('vlan10')).toBe(false);
  kernel.raise('vlan10');
  kernel.wake();
  expect(kernel.isUp('vlan10')).toBe(true);
  expect(daemon.status.destinations[0]?.foreignChanges).toBe(2);
});

test('one that a program raises after the kernel did is a foreign change', () => {
  const { kernel, daemon } = held();
  kernel.lower('eth0');
  kernel.raise('eth0');
  kernel.wake();
  kernel.raise('vlan10');
  kernel.wake();
  expect(daemon.status.destinations[0]?.foreignChanges).toBe(1);
});

test('the raise of another link than its parent explains nothing', () => {
  const { kernel, daemon } = held();
  kernel.lower('eth1');
  kernel.raise('eth1');
  kernel.raise('vlan10');
  kernel.wake();
  expect(daemon.status.destinations[0]?.foreignChanges).toBe(1);
});

test('after a reload the parent is watched still', () => {
  const { kernel, daemon } = held();
  const policy = { groups: { h: { require: { all: ['s0'] }, destinations: ['vlan10'] } } };
  daemon.reload({ policy });
  for (let round = 0; round < 3; round += 1) {
    kernel.lower('eth0');
    kernel.raise('eth0');
    kernel.wake();
    expect(kernel.isUp('vlan10'), `round ${round}`).toBe(false);
  }
  expect(daemon.status.destinations[0]?.foreignChanges).toBe(0);
});
