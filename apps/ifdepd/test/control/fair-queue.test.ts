import { expect, test } from 'vitest';
import { fairQueue } from '../../src/control/fair-queue.ts';

test('pending events are handled between two turns of the fair queue', async () => {
  const turn = fairQueue();
  const order: string[] = [];
  setImmediate(function other() {
    order.push('other');
    if (order.length < 6) {
      setImmediate(other);
    }
  });
  await Promise.all(['a', 'b', 'c'].map((name) => turn().then(() => void order.push(name))));
  expect(order.slice(0, 6)).toEqual(['other', 'a', 'other', 'b', 'other', 'c']);
  // Who comes when nobody waits is not forgotten.
  await turn();
});
