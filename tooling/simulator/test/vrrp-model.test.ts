import { expect, test } from 'vitest';
import { ADVERT_MS, masterDownMs, type RouterSettings, VirtualRouter } from '../src/vrrp-model.ts';

const HIGH: RouterSettings = { priority: 150, preempt: true };
const LOW: RouterSettings = { priority: 100, preempt: true };

/** A virtual router of two gateways, at time 0. */
function two(settings: readonly RouterSettings[]) {
  const hosts = { usable: [true, true], connected: true };
  const router = new VirtualRouter(settings, {
    isUsable: (gateway) => hosts.usable[gateway] === true,
    isConnected: () => hosts.connected,
  });
  let now = 0;
  /** Lets time pass. @returns the masters at the end */
  const pass = (ms: number): readonly number[] => {
    const end = now + ms;
    for (router.advance(now); now < end; router.advance(now)) {
      now = Math.min(end, router.due ?? end);
    }
    return router.masters;
  };
  return { hosts, pass };
}

test('a virtual router has the gateway of higher priority as its only master, after its master-down interval', () => {
  const { pass } = two([HIGH, LOW]);
  expect([pass(masterDownMs(HIGH) - 1), pass(1), pass(60_000)]).toEqual([[], [0], [0]]);
});

test('a backup becomes the master three adverts and its skew after the last advert of a master whose interface went down', () => {
  const { hosts, pass } = two([HIGH, LOW]);
  pass(masterDownMs(HIGH) + 10 * ADVERT_MS);
  hosts.usable[0] = false;
  expect([pass(masterDownMs(LOW) - 1), pass(1)]).toEqual([[], [1]]);
});

test('a gateway of higher priority that comes back replaces the master, unless it does not preempt', () => {
  const masters = [true, false].map((preempt) => {
    const { hosts, pass } = two([{ ...HIGH, preempt }, LOW]);
    hosts.usable[0] = false;
    pass(10_000);
    hosts.usable[0] = true;
    return pass(10_000);
  });
  expect(masters).toEqual([[0], [1]]);
});

test('a wire that is cut makes two masters, and one of them yields to the next advert once it is whole', () => {
  const { hosts, pass } = two([HIGH, LOW]);
  pass(10_000);
  hosts.connected = false;
  expect(pass(10_000)).toEqual([0, 1]);
  hosts.connected = true;
  expect(pass(ADVERT_MS)).toEqual([0]);
});

test('of two masters of the same priority the later gateway stays the master', () => {
  const { hosts, pass } = two([LOW, LOW]);
  hosts.connected = false;
  pass(10_000);
  hosts.connected = true;
  expect(pass(ADVERT_MS)).toEqual([1]);
});
