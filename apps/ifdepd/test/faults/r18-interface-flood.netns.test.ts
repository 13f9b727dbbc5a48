import { flood } from '@ifdepd/faults';
import { enterNewNamespace } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { program } from '../support/program.ts';

// 5,000 interfaces, ten times, are `npm run chaos -- --fault R18`.
test('200 interfaces appear and go, five times: neither descriptors nor memory grow on', async () => {
  enterNewNamespace();
  const { followed, samples } = await flood(program, 200, 5);
  expect(followed).toBe(10);
  const [, first, ...later] = samples;
  // A leak is one a flood at least; a connection that is just being closed comes and goes.
  expect((later.at(-1)?.descriptors ?? 0) - (first?.descriptors ?? 0)).toBeLessThan(later.length);
  // A flood of 200 is 300 kB of messages: what a leak of the records would leave is less than what the engine keeps free.
  expect(Math.max(...later.map(({ rss }) => rss)) - (first?.rss ?? 0)).toBeLessThan(40 * 1024 * 1024);
}, 180_000);
