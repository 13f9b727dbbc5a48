import { expect, test } from 'vitest';
import { EventStream } from '../src/event-stream.ts';
import type { RouteEvent } from '../src/events.ts';

const snapshot = (): RouteEvent => ({
  type: 'snapshot',
  cause: 'queue-overflow',
  routes: [],
  addresses: [],
  neighbours: [],
});
const start: RouteEvent = {
  ...snapshot(),
  type: 'snapshot',
  cause: 'start',
  routes: [],
  addresses: [],
  neighbours: [],
};

function stream(limit = 2): { made: EventStream; returned: () => number } {
  let count = 0;
  return { made: new EventStream(limit, snapshot, () => count++), returned: () => count };
}

test('an iterator gives waiting events in their order, and waits for the next one', async () => {
  const { made } = stream();
  made.push(start);
  const first = await made.next();
  const second = made.next();
  made.push(snapshot());
  expect([first.value, (await second).value]).toEqual([start, snapshot()]);
});

test('an iterator whose queue is full gives one snapshot in the place of all events', async () => {
  const { made } = stream(2);
  for (let count = 0; count < 5; count += 1) {
    made.push(start);
  }
  expect(await made.next()).toEqual({ done: false, value: snapshot() });
  made.push(start);
  expect(await made.next()).toEqual({ done: false, value: start });
});

test('an iterator ends after the waiting events, or rejects with the reason', async () => {
  const { made } = stream();
  made.push(start);
  made.end();
  expect((await made.next()).value).toEqual(start);
  expect(await made.next()).toEqual({ done: true, value: undefined });
  const { made: failing } = stream();
  const waiting = failing.next();
  failing.fail(new Error('aborted'));
  await expect(waiting).rejects.toThrow('aborted');
  await expect(failing.next()).rejects.toThrow('aborted');
});

test('a consumer that stops ends the iterator and its subscription', async () => {
  const { made, returned } = stream();
  made.push(start);
  expect(await made.return()).toEqual({ done: true, value: undefined });
  expect(await made.next()).toEqual({ done: true, value: undefined });
  expect(returned()).toBe(1);
});
