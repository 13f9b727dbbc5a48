import type { Libc } from '@ifdepd/libc';
import { apply } from './apply.ts';
import { DESTINATIONS } from './host.ts';
import { Judge } from './judge.ts';
import type { Operation } from './operation.ts';
import { type PerformOptions, type Played, perform } from './perform.ts';
import { World } from './world.ts';

/** Options of {@link play}. */
export interface PlayOptions extends PerformOptions {
  /** Replaces the calls of the kernel, to see that the judge finds a daemon that does not act. */
  readonly wrap?: (libc: Libc) => Libc;
}

/** Plays operations on a host with a daemon. */
export async function play(
  operations: Iterable<Operation>,
  { wrap, ...options }: PlayOptions = {},
): Promise<Played<Operation>> {
  return await perform(
    operations,
    (note) => {
      const world = new World(note, wrap);
      const judge = new Judge(world);
      return {
        worlds: [world],
        now: world.loop.now,
        state: () => DESTINATIONS.map((name) => `${name} ${world.isUp(name)}`).join(', '),
        wrong: () => judge.wrong()[0] ?? null,
        nextLookMs: () => judge.nextLookMs,
        async start() {
          await world.start();
          judge.disturbed();
        },
        pass: (ms) => world.pass(ms),
        async apply(operation) {
          await apply(operation, world, judge);
          await world.settle();
          return null;
        },
      };
    },
    options,
  );
}
