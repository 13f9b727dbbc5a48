import { expect, test, vi } from 'vitest';
import { compile, type Effect, restore, run, serialize } from '../src/index.ts';

const policy = compile({
  groups: { gateway: { require: { all: ['em0', 'em1'] }, destinations: ['carp0'], upDelayMs: 1000 } },
});
const reading = (id: 'em0' | 'em1', health: 'active' | 'failed') =>
  ({ type: 'source', source: { id, health, reason: health } }) as const;

/** A clock and a timer that stand still until they are moved. */
function stillClock() {
  let now = 0;
  let due: { readonly at: number; readonly then: () => void } | null = null;
  return {
    clock: () => now,
    timer(ms: number, then: () => void) {
      const mine = { at: now + ms, then };
      due = mine;
      return () => {
        if (due === mine) due = null;
      };
    },
    get waits() {
      return due !== null;
    },
    move(ms: number) {
      now += ms;
      while (due !== null && due.at <= now) {
        const { then } = due;
        due = null;
        then();
      }
    },
  };
}

/** Lets promises that are settled call back. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a source that was never fed is unknown, and the group decides as soon as what is known is enough', () => {
  const made: string[] = [];
  using running = run(policy, {
    ...stillClock(),
    read: () => 'up',
    apply: ({ destination, to }) => void made.push(`${destination} ${to}`),
  });
  expect(running.status.groups[0]).toMatchObject({ phase: 'starting', requirement: 'unknown' });
  running.feed(reading('em1', 'active'));
  expect(running.status.groups[0]?.phase).toBe('starting');
  running.feed(reading('em0', 'failed'));
  expect(running.status.groups[0]?.phase).toBe('down');
  expect(made).toEqual(['carp0 down']);
  expect(running.explain().groups[0]?.sentence).toContain('because em0 failed');
});

test('a delay ends by the timer of the run, and the end of the run cancels it', () => {
  const time = stillClock();
  const made: string[] = [];
  const running = run(policy, { ...time, read: () => 'up', apply: ({ to }) => void made.push(to) });
  running.feed(reading('em0', 'failed'));
  running.feed(reading('em1', 'active'));
  running.feed(reading('em0', 'active'));
  expect(running.status.groups[0]?.phase).toBe('coming-up');
  time.move(999);
  expect(made).toEqual(['down']);
  time.move(1);
  expect(made).toEqual(['down', 'up']);
  running.feed(reading('em0', 'failed'));
  running.feed(reading('em0', 'active'));
  expect(time.waits).toBe(true);
  running[Symbol.dispose]();
  expect(time.waits).toBe(false);
  running.feed(reading('em0', 'failed'));
  expect(running.status.groups[0]?.phase).toBe('coming-up');
});

test('while an effect is under way its destination gets no other one, and what is wanted by its end follows', async () => {
  const instant = compile({ groups: { g: { require: 'em0', destinations: ['carp0'] } } });
  const under: { readonly to: string; readonly done: () => void }[] = [];
  const apply = ({ to }: Effect) => new Promise<void>((resolve) => under.push({ to, done: resolve }));
  using running = run(instant, { ...stillClock(), read: () => 'up', apply });
  running.feed(reading('em0', 'failed') as never);
  running.feed(reading('em0', 'active') as never);
  expect(under.map(({ to }) => to)).toEqual(['down']);
  expect(running.status.destinations[0]).toMatchObject({ want: 'up', pending: 'up' });
  under[0]?.done();
  await settled();
  expect(under.map(({ to }) => to)).toEqual(['down', 'up']);
  under[1]?.done();
  await settled();
  expect(running.status.destinations[0]).toMatchObject({ want: 'up', is: 'up', pending: null });
});

test.each<[string, (effect: Effect) => Promise<void>]>([
  [
    'throws',
    () => {
      throw Object.assign(new Error('no'), { code: 'EPERM' });
    },
  ],
  [
    'rejects',
    async () => {
      throw Object.assign(new Error('no'), { code: 'EPERM' });
    },
  ],
])(
  'an apply that %s is a failed effect with its code, and is tried again after 100 ms',
  async (_how, fails) => {
    const time = stillClock();
    let broken = true;
    const apply = vi.fn((effect: Effect) => (broken ? fails(effect) : undefined));
    using running = run(policy, { ...time, read: () => 'up', apply });
    running.feed(reading('em0', 'failed'));
    await settled();
    expect(running.status.destinations[0]).toMatchObject({ is: 'up', error: 'EPERM' });
    broken = false;
    time.move(100);
    expect(running.status.destinations[0]).toMatchObject({ is: 'down', error: null });
    expect(apply).toHaveBeenCalledTimes(2);
  },
);

test('an apply says what the destination is, where that is not what was asked', () => {
  using running = run(policy, { ...stillClock(), read: () => 'up', apply: () => 'missing' });
  running.feed(reading('em0', 'failed'));
  expect(running.status.destinations[0]?.is).toBe('missing');
});

test('a listener hears each event after its effects were handed over, until it unsubscribes', () => {
  const order: string[] = [];
  using running = run(policy, {
    ...stillClock(),
    read: () => 'up',
    apply: ({ to }) => void order.push(`apply ${to}`),
  });
  const end = running.subscribe(({ event, transitions, effects }) => {
    order.push(`${event.type} ${transitions.length} ${effects.length}`);
  });
  running.feed(reading('em0', 'failed'));
  end();
  running.feed(reading('em0', 'active'));
  expect(order).toEqual(['apply down', 'source 1 1', 'destination 0 0']);
});

test('a run refuses what is no event, by name, and goes on', () => {
  using running = run(policy, { ...stillClock(), apply: () => undefined });
  expect(() => running.feed({ type: 'source', source: { id: 'em0', health: 'ok' } } as never)).toThrow(
    'event.source.health must be active,failed,unknown, not "ok".',
  );
  running.feed(reading('em0', 'failed'));
  expect(running.status.groups[0]?.phase).toBe('down');
});

test('a run goes on with a state that another process has kept', () => {
  const first = run(policy, { ...stillClock(), read: () => 'up', apply: () => undefined });
  first.feed(reading('em0', 'failed'));
  const kept = serialize(policy, first.state);
  first[Symbol.dispose]();
  using second = run(policy, {
    ...stillClock(),
    state: restore(policy, kept, 0).state,
    apply: () => undefined,
  });
  expect(second.status.groups[0]?.phase).toBe('down');
});

test('without a clock and a timer a run uses those of its host', async () => {
  const short = compile({ groups: { g: { require: 'em0', destinations: ['d'], upDelayMs: 1 } } });
  const raised = new Promise<void>((resolve) => {
    const running = run(short, {
      read: () => 'up',
      apply({ to }) {
        if (to === 'up') {
          running[Symbol.dispose]();
          resolve();
        }
      },
    });
    running.feed({ type: 'source', source: { id: 'em0', health: 'failed', reason: '' } });
    running.feed({ type: 'source', source: { id: 'em0', health: 'active', reason: '' } });
  });
  await raised;
});
