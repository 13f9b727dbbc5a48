import { apply } from './apply.ts';
import { DESTINATIONS, GATEWAYS } from './host.ts';
import { Pair } from './pair.ts';
import { PairJudge } from './pair-judge.ts';
import type { PairOperation } from './pair-operation.ts';
import { type PerformOptions, type Played, perform } from './perform.ts';

/** Plays operations on two gateways with a daemon each. */
export async function playPair(
  operations: Iterable<PairOperation>,
  options: PerformOptions = {},
): Promise<Played<PairOperation>> {
  return await perform(
    operations,
    (note) => {
      const pair = new Pair((gateway, line) => note(`${gateway}: ${line}`));
      const judge = new PairJudge(pair);
      return {
        worlds: pair.worlds,
        now: () => pair.now,
        state: () => stateOf(pair),
        wrong: () => judge.wrong()[0] ?? null,
        nextLookMs: () => judge.nextLookMs,
        async start() {
          for (const gateway of GATEWAYS) {
            await pair.worlds[gateway].start();
            judge.judges[gateway].disturbed();
          }
        },
        pass: (ms) => pair.pass(ms),
        async apply(operation, passed) {
          if (operation.do === 'wire') {
            pair.isWhole = operation.to === 'up';
          } else if (operation.do === 'suspend') {
            judge.judges[operation.on].disturbed();
            pair.asleep = operation.on;
            const wrong = await passed(operation.ms);
            pair.wake();
            judge.judges[operation.on].disturbed();
            return wrong;
          } else {
            await apply(operation, pair.worlds[operation.on], judge.judges[operation.on]);
          }
          await pair.settle();
          return null;
        },
      };
    },
    options,
  );
}

function stateOf(pair: Pair): string {
  const up = pair.worlds.map((world) => DESTINATIONS.map((name) => `${name} ${world.isUp(name)}`).join(', '));
  const masters = [...pair.routers].map(([name, router]) => `${name} ${router.masters.join(' and ')}`);
  return `${up.join('; ')}; masters: ${masters.join(', ')}`;
}
