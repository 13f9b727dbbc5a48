import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { openOperator, type ScriptedLinux, scriptedLinux } from '@ifdepd/scripted-kernels';
import { expect, test } from 'vitest';
import { type LinkSensor, openLinkSensor } from '../../src/linux/index.ts';

/** A card that is up, and a sensor that has seen nothing yet. */
function host(): { kernel: ScriptedLinux; sensor: LinkSensor } {
  const kernel = scriptedLinux();
  kernel.attach('eth0');
  using operator = openOperator(kernel.libc);
  operator.apply({ op: 'admin', name: 'eth0', to: 'up', by: 'netlink' });
  kernel.pass(5000);
  const sensor = openLinkSensor({ libc: kernel.libc });
  if (sensor === null) {
    throw new Error('no sensor');
  }
  return { kernel, sensor };
}

/** Changes a link `times` times, with a message about each. */
function storm(kernel: ScriptedLinux, times: number): void {
  using operator = openOperator(kernel.libc);
  for (let at = 0; at < times; at += 1) {
    operator.apply({ op: 'alias', name: 'eth0', to: `n${at}` });
  }
}

/** Lets the event loop of the kernel call back whatever is readable. */
function turns(kernel: ScriptedLinux): void {
  for (let left = 3; left > 0; left -= 1) {
    kernel.turn();
  }
}

test('drain of a sensor returns false when nothing has happened, and true once when something has', () => {
  const { kernel, sensor } = host();
  expect(sensor.drain()).toBe(false);
  storm(kernel, 1);
  expect([sensor.drain(), sensor.drain()]).toEqual([true, false]);
  storm(kernel, 500);
  expect([sensor.drain(), sensor.drain()]).toEqual([true, false]);
});

test('an armed sensor calls back once for a storm, and again when it was drained and armed anew', () => {
  const { kernel, sensor } = host();
  const calls: string[] = [];
  const arm = () => sensor.arm(() => void calls.push('call'));
  arm();
  turns(kernel);
  expect(calls).toHaveLength(0);
  storm(kernel, 100);
  turns(kernel);
  storm(kernel, 100);
  turns(kernel);
  expect(calls).toHaveLength(1);
  sensor.drain();
  arm();
  turns(kernel);
  expect(calls).toHaveLength(1);
  kernel.cable('eth0', 'down');
  turns(kernel);
  expect(calls).toHaveLength(2);
});

test('a sensor that is armed twice calls the second callback alone', () => {
  const { kernel, sensor } = host();
  const calls: string[] = [];
  sensor.arm(() => void calls.push('first'));
  sensor.arm(() => void calls.push('second'));
  storm(kernel, 1);
  turns(kernel);
  expect(calls).toEqual(['second']);
});

test('a sensor that is armed after an event calls back, and one that is closed does not', () => {
  const { kernel, sensor } = host();
  const calls: string[] = [];
  storm(kernel, 1);
  sensor.arm(() => void calls.push('call'));
  turns(kernel);
  expect(calls).toHaveLength(1);
  sensor.drain();
  sensor.arm(() => void calls.push('call'));
  sensor[Symbol.dispose]();
  storm(kernel, 1);
  turns(kernel);
  expect(calls).toHaveLength(1);
});

test('arm of a sensor refuses what is no function', () => {
  const { sensor } = host();
  expect(() => sensor.arm('call' as never)).toThrow(/^arm: callback must be a function/);
});

test('openLinkSensor is null without rtnetlink and when the kernel refuses the socket, and throws other errors', () => {
  const bsd = scriptedLibc({}, { target: targetOf('freebsd') });
  expect(openLinkSensor({ libc: bsd })).toBeNull();
  expect(bsd.calls).toEqual([]);
  expect(openLinkSensor({ libc: scriptedLibc({ socket: () => -1 }) })).toBeNull();
  const broken = scriptedLibc({
    socket() {
      throw new RangeError('a fault of the program');
    },
  });
  expect(() => openLinkSensor({ libc: broken })).toThrow('a fault of the program');
});
