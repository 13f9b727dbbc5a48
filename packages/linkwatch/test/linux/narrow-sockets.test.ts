import { type Libc, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { type LinkOperation, openOperator, scriptedLinux } from '@ifdepd/scripted-kernels';
import { expect, test } from 'vitest';
import {
  type Loss,
  type LossSocket,
  type NarrowSocket,
  openGuardSocket,
  openLossSocket,
  openRepairSocket,
} from '../../src/linux/index.ts';
import { linkRecord, newLink } from '../../src/testing/index.ts';
import { MOST_LOSS_INDICES } from '../../src/wire/link-state-filters.ts';

const { MSG_DONTWAIT, SOCK_NONBLOCK } = targetOf('linux').socket;

function opened(libc: Libc): LossSocket {
  const losses = openLossSocket({ libc });
  if (losses === null) {
    throw new Error('no socket of losses');
  }
  return losses;
}

/** The messages in the queue of a socket. */
function messagesOf(libc: Libc, { fd }: NarrowSocket<never>): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (;;) {
    const into = new Uint8Array(4096);
    const size = libc.recvfrom(fd, into, MSG_DONTWAIT, null);
    if (size < 0) {
      return found;
    }
    found.push(into.subarray(0, size));
  }
}

/** Two cards that are up, and a socket of losses. */
function host() {
  const kernel = scriptedLinux();
  const operator = openOperator(kernel.libc);
  for (const name of ['em0', 'em1']) {
    kernel.attach(name);
    operator.apply({ op: 'admin', name, to: 'up', by: 'netlink' });
  }
  const losses = opened(kernel.libc);
  return {
    kernel,
    losses,
    apply: (operation: LinkOperation) => operator.apply(operation),
    /** The messages in the queue. */
    queued: (): readonly (Loss | null)[] => messagesOf(kernel.libc, losses).map((one) => losses.read(one)),
  };
}

test('a loss socket queues nothing at first, and after narrow only losses of the named links', () => {
  const { kernel, losses, apply, queued } = host();
  const { index } = kernel.link('em0');
  const cut = (name: string) => {
    kernel.pass(5000);
    kernel.cable(name, 'down');
  };
  cut('em0');
  kernel.cable('em0', 'up');
  expect(queued()).toEqual([]);
  expect(losses.narrow([index])).toBe(0);
  cut('em1');
  apply({ op: 'alias', name: 'em0', to: 'no loss' });
  expect(queued()).toEqual([]);
  cut('em0');
  expect(queued()).toEqual([{ index, health: { health: 'failed', reason: 'no carrier' } }]);
  kernel.cable('em0', 'up');
  apply({ op: 'admin', name: 'em0', to: 'down', by: 'netlink' });
  expect(queued().at(-1)).toEqual({ index, health: { health: 'failed', reason: 'admin down' } });
  kernel.detach('em0');
  expect(queued().at(-1)).toEqual({ index, health: { health: 'failed', reason: 'missing' } });
});

test('a repair socket queues messages in which a named link is active; its read returns the index', () => {
  const { kernel, apply } = host();
  const repairs = openRepairSocket({ libc: kernel.libc });
  if (repairs === null) {
    throw new Error('no socket of repairs');
  }
  const { index } = kernel.link('em0');
  const queued = () => messagesOf(kernel.libc, repairs).map((one) => repairs.read(one));
  const flap = (name: string) => {
    kernel.pass(5000);
    kernel.cable(name, 'down');
    kernel.pass(5000);
    kernel.cable(name, 'up');
  };
  flap('em0');
  expect(queued()).toEqual([]);
  expect(repairs.narrow([index])).toBe(0);
  flap('em1');
  expect(queued()).toEqual([]);
  flap('em0');
  expect(queued()).toEqual([index]);
  apply({ op: 'admin', name: 'em0', to: 'down', by: 'netlink' });
  expect(queued()).toEqual([]);
  expect(repairs.read(new Uint8Array(64))).toBeNull();
  expect(repairs.read(new Uint8Array(27))).toBeNull();
});

test('a guard queues everything about watched links, and of repaired ones what does not say that they are active', () => {
  const { kernel, apply } = host();
  const guard = openGuardSocket({ libc: kernel.libc });
  if (guard === null) {
    throw new Error('no guard');
  }
  const heard = () => guard.drain();
  const [em0, em1] = [kernel.link('em0').index, kernel.link('em1').index];
  apply({ op: 'alias', name: 'em1', to: 'heard by nobody yet' });
  expect(heard()).toBe(false);
  expect(guard.narrow({ repaired: [em0], watched: [em1] })).toBe(0);
  apply({ op: 'alias', name: 'em0', to: 'active' });
  expect(heard()).toBe(false);
  apply({ op: 'alias', name: 'em1', to: 'active' });
  expect(heard()).toBe(true);
  kernel.pass(5000);
  kernel.cable('em0', 'down');
  expect(heard()).toBe(true);
  kernel.pass(5000);
  kernel.cable('em0', 'up');
  expect(heard()).toBe(false);
  expect(() => guard.narrow({ repaired: [0], watched: [] })).toThrow(/^narrow: an index/);
  expect(() => guard.narrow({ repaired: [], watched: 1 as never })).toThrow(/^narrow: watched/);
  expect(() => guard.narrow(null as never)).toThrow(/^narrow: of must be an object/);
});

test('drain empties a full queue of losses, and later ones are queued', () => {
  const { kernel, losses, queued } = host();
  losses.narrow([kernel.link('em0').index]);
  for (let times = 0; times < 400; times += 1) {
    kernel.pass(5000);
    kernel.cable('em0', 'down');
    kernel.cable('em0', 'up');
  }
  expect(losses.drain()).toBe(true);
  expect(queued()).toEqual([]);
  expect(losses.drain()).toBe(false);
  kernel.pass(5000);
  kernel.cable('em0', 'down');
  expect(queued()).toHaveLength(1);
});

test.each(['ENOBUFS', 'EINTR'] as const)('drain of losses goes on after %s', (code) => {
  const { errnoOf } = targetOf('linux');
  const answers = [16, -errnoOf[code], 16, -errnoOf.EAGAIN];
  const answer = () => 0;
  const libc = scriptedLibc({
    bind: answer,
    connect: answer,
    setsockopt: answer,
    recvfrom: () => answers.shift() ?? -errnoOf.EAGAIN,
  });
  opened(libc).drain();
  expect(answers).toEqual([]);
});

test.each(['ENOBUFS', 'EINTR'] as const)('drain of losses ends though %s never does', (code) => {
  const { errnoOf } = targetOf('linux');
  const answer = () => 0;
  let receives = 0;
  const libc = scriptedLibc({
    bind: answer,
    connect: answer,
    setsockopt: answer,
    recvfrom() {
      receives += 1;
      return receives < 10_000 ? -errnoOf[code] : -errnoOf.EAGAIN;
    },
  });
  opened(libc).drain();
  expect(receives).toBeLessThan(200);
});

test('narrow refuses an index that no link has, and more links than one filter can hold', () => {
  const { kernel, losses } = host();
  const many = Array.from({ length: MOST_LOSS_INDICES + 1 }, (_, at) => at + 1);
  expect(losses.narrow(many)).toBe(-kernel.libc.target.errnoOf.EINVAL);
  expect(losses.narrow(many.slice(1))).toBe(0);
  for (const index of [0, -1, 2 ** 31, 1.5]) {
    expect(() => losses.narrow([index])).toThrow(/^narrow: an index/);
  }
  expect(losses.narrow([2 ** 31 - 1])).toBe(0);
});

test('read of a loss socket returns null for a message that is short or no loss', () => {
  const { losses } = host();
  const active = newLink(linkRecord({ index: 7, name: 'em0' }));
  const lost = newLink(linkRecord({ index: 7, name: 'em0', carrier: false, operstate: 'down' }));
  // The flags are the last that is read of a message.
  const flagsEnd = 28;
  expect(losses.read(active)).toBeNull();
  expect(losses.read(new Uint8Array(64))).toBeNull();
  expect(losses.read(lost.subarray(0, flagsEnd))).toEqual({
    index: 7,
    health: { health: 'failed', reason: 'no carrier' },
  });
  expect(losses.read(lost.subarray(0, flagsEnd - 1))).toBeNull();
});

test('openLossSocket is null, and its socket closed, where the kernel refuses the socket or its connection', () => {
  expect(openLossSocket({ libc: scriptedLibc({}, { target: targetOf('freebsd') }) })).toBeNull();
  expect(openLossSocket({ libc: scriptedLibc({ socket: () => -1 }) })).toBeNull();
  const libc = scriptedLibc({ bind: () => 0, setsockopt: () => 0, connect: () => -1 });
  expect(openLossSocket({ libc })).toBeNull();
  expect(libc.calls.at(-1)?.name).toBe('close');
});

test('a loss socket that is disposed is closed', () => {
  const libc = scriptedLibc({ bind: () => 0, setsockopt: () => 0, connect: () => 0 });
  const losses = opened(libc);
  const { fd } = losses;
  losses[Symbol.dispose]();
  expect(libc.calls.at(-1)).toEqual({ name: 'close', values: [fd] });
});

test('a loss socket blocks, as another call waits on it', () => {
  const { libc } = scriptedLinux();
  const types: number[] = [];
  opened({
    ...libc,
    socket(domain, type, protocol) {
      types.push(type);
      return libc.socket(domain, type, protocol);
    },
  });
  expect(types.map((type) => type & SOCK_NONBLOCK)).toEqual([0]);
});
