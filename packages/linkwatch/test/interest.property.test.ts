import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LinkRecord, watchLinks } from '../src/index.ts';
import { answersTo } from '../src/interest.ts';
import { smallKernel, wakeUp } from './support/small-kernel.ts';
import { doStep, type Step, steps } from './support/steps.ts';
import { stillClock } from './support/still-clock.ts';

/** Enough names that they are looked up, and not compared one by one. */
const absent = Array.from({ length: 20 }, (_, number) => `absent${number}`);

const names = fc
  .tuple(fc.subarray(['eth1', 'eth2', 'eth3', 'north'], { minLength: 1 }), fc.boolean())
  .map(([some, many]) => (many ? [...some, ...absent] : some));

/** The changes at the next system calls, one element for each call. Most calls have none. */
const schedule = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant<readonly Step[]>([]) }, steps), {
  maxLength: 30,
});

const byIndex = (links: Iterable<LinkRecord>) => new Map([...links].map((link) => [link.index, link]));

test('the table is right although the filter is replaced while links change', () => {
  let dropped = 0;
  fc.assert(
    fc.property(names, names, schedule, schedule, (first, second, start, later) => {
      const left: (readonly Step[])[] = [...start];
      const kernel = smallKernel(() => {
        for (const step of left.shift() ?? []) {
          doStep(kernel, step);
        }
      });
      using watch = watchLinks({ libc: kernel.libc, interest: first, loop: stillClock });
      const agreed = (interest: readonly string[]) => {
        while (left.length > 0) {
          wakeUp(kernel);
        }
        wakeUp(kernel);
        const there = [...kernel.links.values()].filter((link) =>
          interest.some((name) => answersTo(link, name)),
        );
        expect(byIndex(watch.links.values())).toEqual(byIndex(there));
      };
      agreed(first);
      left.push(...later);
      watch.setInterest(second);
      agreed(second);
      expect(watch.counters).toMatchObject({ bad: 0, overruns: 0 });
      dropped += kernel.dropped;
    }),
    {
      numRuns: 1000,
      examples: [
        // The same as below, while the interest is replaced.
        [
          ['eth1', 'north'],
          ['eth1'],
          [],
          [
            [
              { do: 'set', facts: { index: 4, name: 'eth1' } },
              { do: 'set', facts: { index: 4, name: 'eth2' } },
            ],
            [
              { do: 'set', facts: { index: 1, name: 'eth1' } },
              { do: 'set', facts: { index: 4, name: 'eth2', altNames: ['north'] } },
            ],
          ],
        ],
      ],
    },
  );
  expect(dropped).toBeGreaterThan(1000);
});

test('a link that takes a name is reported although the filter dropped the loss of the name', () => {
  const kernel = smallKernel(() => undefined);
  using watch = watchLinks({ libc: kernel.libc, interest: ['eth1'], loop: stillClock });
  kernel.set({ index: 4, name: 'eth1' });
  // The filter does not know number 4 yet.
  kernel.set({ index: 4, name: 'eth2' });
  expect(kernel.dropped).toBe(1);
  kernel.set({ index: 1, name: 'eth1' });
  // Passes because of the alternative name: number 4 is forgotten before the filter learns of it.
  kernel.set({ index: 4, name: 'eth2', altNames: ['north'] });
  wakeUp(kernel);
  expect([...watch.links.values()]).toEqual([kernel.links.get(1)]);
});
