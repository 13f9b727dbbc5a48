import { SystemError, targetOf } from '@ifdepd/libc';
import type { Effect } from '@ifdepd/policy';
import { describe, expect, test } from 'vitest';
import { actuator, assisted, dryActuator } from '../../src/engine/actuator.ts';
import type { AnyDriver } from '../../src/engine/destinations/index.ts';

const [EBUSY, ENODEV] = [16, 19];
const linux = targetOf('linux');

function effect(to: 'up' | 'down'): Effect {
  return {
    type: 'set',
    destination: 'vrrp51',
    to,
    because: { cause: 'transition', group: 'g', from: 'up', to: 'down', blame: [] },
  };
}

const systemError = (errno: number) => new SystemError(linux, errno, 'ioctl SIOCSIFFLAGS', 'vrrp51');
const throwing = (error: unknown) => () => {
  throw error;
};

/** A destination that is up, and set by its flag. */
function flag(more: Partial<AnyDriver> = {}): AnyDriver {
  let is: 'up' | 'down' = 'up';
  return {
    read: () => is,
    set(to, before) {
      const changed = to !== is;
      if (changed) {
        before?.();
      }
      is = to;
      return { changed, is };
    },
    ...more,
  };
}

describe('an actuator', () => {
  test('reports whether it has changed a destination, and what it is then', () => {
    const act = actuator(() => driver);
    const driver = flag();
    const outcome = (changed: boolean) => ({
      effect: effect('down'),
      changed,
      undoValue: null,
      error: null,
      answer: { type: 'destination', id: 'vrrp51', is: 'down', ...(changed && { owned: true }) },
    });
    expect(act.apply(effect('down'))).toEqual(outcome(true));
    expect(act.apply(effect('down'))).toEqual(outcome(false));
    expect(act.read(effect('up'))).toEqual({ type: 'destination', id: 'vrrp51', is: 'down' });
    expect(act.done(effect('down'))).toBeNull();
  });

  test('reports what it takes to undo a write', () => {
    const act = actuator(() => flag({ set: () => ({ changed: true, is: 'down', undoValue: 100 }) }));
    expect(act.apply(effect('down'))).toMatchObject({ undoValue: 100 });
  });

  test.each([
    ['needs a number to undo it', { needsUndo: true }, false, [['vrrp51', 'down']]],
    ['is undone by the rules', {}, true, [['vrrp51', 'down']]],
    ['is not undone', {}, false, []],
  ] as const)('records a write before it where the destination %s', (_what, more, undone, expected) => {
    const intended: unknown[] = [];
    const driver = flag(more);
    const act = actuator(
      () => driver,
      (id, to) => {
        expect(driver.read()).toBe('up');
        intended.push([id, to]);
      },
      () => undone,
    );
    act.apply(effect('down'));
    expect(intended).toEqual(expected);
  });

  test('answers that a destination is missing when the system says so', () => {
    const gone = throwing(systemError(ENODEV));
    const act = actuator(() => flag({ set: gone, read: gone }));
    const answer = { type: 'destination', id: 'vrrp51', is: 'missing' };
    expect(act.apply(effect('down'))).toMatchObject({ changed: false, error: null, answer });
    expect(act.read(effect('down'))).toEqual(answer);
  });

  test.each([
    ['of the system', systemError(EBUSY), 'EBUSY'],
    ['of the program', new RangeError('a fault'), 'ERR_INTERNAL'],
    ['with a code that is no text', Object.assign(new Error('a fault'), { code: 7 }), 'ERR_INTERNAL'],
    ['that is no Error', 'a fault', 'ERR_INTERNAL'],
  ])('answers an error %s with its code', (_what, error, code) => {
    const act = actuator(() => flag({ set: throwing(error) }));
    const answer = { type: 'effect-failed', effect: effect('down'), code };
    const outcome = act.apply(effect('down'));
    expect(outcome).toMatchObject({ changed: false, undoValue: null, answer });
    expect(outcome).toHaveProperty('error', expect.any(Error));
    expect((outcome as { error: Error }).error.message).toContain(
      error instanceof Error ? error.message : error,
    );
  });

  test('names a destination that nothing can set', () => {
    const act = actuator(() => undefined);
    expect(act.apply(effect('down'))).toMatchObject({
      error: { message: 'there is no way to set vrrp51' },
    });
    expect(act.read(effect('down'))).toMatchObject({ type: 'effect-failed' });
  });

  test('reports what a program has done, or why it failed, as done by a program', async () => {
    const done = actuator(() => flag({ set: () => Promise.resolve({ changed: true, is: 'down' as const }) }));
    expect(await done.apply(effect('down'))).toMatchObject({ changed: true, byProgram: true });
    const fails = actuator(() => flag({ set: () => Promise.reject(new Error('exit 1')) }));
    expect(await fails.apply(effect('down'))).toMatchObject({
      byProgram: true,
      answer: { type: 'effect-failed', code: 'ERR_INTERNAL' },
    });
  });
});

describe('an actuator beside a kernel that acts', () => {
  /** What the kernel has set by itself. */
  const kernel = (lowered: boolean, raised: boolean | 'asked' = false) => ({
    takeLowered: () => lowered,
    takeRaised: () => raised,
  });

  const settings = () => {
    const driver = flag();
    driver.set('down');
    return driver;
  };

  test('counts as changed what the kernel has set down, and asks once for each', () => {
    const asked: string[] = [];
    const act = assisted(
      actuator(() => settings()),
      { ...kernel(false), takeLowered: (id) => asked.push(id) > 0 },
    );
    expect(act.apply(effect('down'))).toMatchObject({ changed: true, answer: { is: 'down' } });
    expect(asked).toEqual(['vrrp51']);
    act.apply(effect('up'));
    expect(asked).toEqual(['vrrp51']);
  });

  test('changes nothing of an outcome that the kernel has no part in, that failed, or that a program makes', async () => {
    const none = assisted(actuator(settings), kernel(false));
    expect(none.apply(effect('down'))).toMatchObject({ changed: false });
    const failing = assisted(
      actuator(() => flag({ set: throwing(systemError(EBUSY)) })),
      kernel(true),
    );
    expect(failing.apply(effect('down'))).toMatchObject({ changed: false });
    const slow = assisted(
      actuator(() => flag({ set: () => Promise.resolve({ changed: false, is: 'down' as const }) })),
      kernel(true),
    );
    expect(await slow.apply(effect('down'))).toMatchObject({ changed: false });
  });

  test('reports as done what the kernel has set down although it is not applied', () => {
    const act = assisted(actuator(settings), kernel(true));
    expect(act.done(effect('down'))).toMatchObject({ changed: true, error: null, answer: { is: 'down' } });
    expect(act.done(effect('up'))).toBeNull();
    expect(assisted(actuator(settings), kernel(false)).done(effect('down'))).toBeNull();
    expect(
      assisted(
        actuator(() => flag()),
        kernel(true),
      ).done(effect('down')),
    ).toBeNull();
    const unreadable = actuator(() => flag({ read: throwing(new Error('a fault')) }));
    expect(assisted(unreadable, kernel(true)).done(effect('down'))).toBeNull();
  });

  test('what the kernel has set up is not set again, whatever it is by now; what it was asked to set up is', () => {
    const set: string[] = [];
    const driver = flag({ set: (to) => ({ changed: set.push(to) === 0, is: to }) });
    const raised = assisted(
      actuator(() => driver),
      kernel(false, true),
    );
    expect(raised.apply(effect('up'))).toMatchObject({ changed: true, answer: { is: 'up' } });
    expect(raised.done(effect('up'))).toMatchObject({ changed: true, error: null, answer: { is: 'up' } });
    expect(set).toEqual([]);
    const asked = assisted(
      actuator(() => driver),
      kernel(false, 'asked'),
    );
    expect(asked.apply(effect('up'))).toMatchObject({ changed: true, answer: { is: 'up' } });
    expect(asked.done(effect('up'))).toBeNull();
    expect(set).toEqual(['up']);
  });
});

test('an actuator of a dry run says that it has changed a destination, and reads the opposite of what is wanted', () => {
  const act = dryActuator();
  expect(act.apply(effect('down'))).toMatchObject({ changed: true, error: null, answer: { is: 'down' } });
  expect(act.read(effect('down'))).toEqual({ type: 'destination', id: 'vrrp51', is: 'up' });
  expect(act.read(effect('up'))).toEqual({ type: 'destination', id: 'vrrp51', is: 'down' });
  expect(act.done(effect('down'))).toBeNull();
});
