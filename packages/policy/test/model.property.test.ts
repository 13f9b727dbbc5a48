import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe as describeState } from '../src/index.ts';
import { naiveModel } from '../src/testing/index.ts';
import { actions, config, runs } from './support/arbitraries.ts';
import { begin, feed, toEvent } from './support/run.ts';

test('the engine and the naive model do the same on every event', () => {
  fc.assert(
    fc.property(config, actions(40), (configuration, list) => {
      const run = begin(configuration, 1_000);
      const model = naiveModel(configuration, 1_000);
      for (const action of list) {
        const event = toEvent(run, action);
        if (event === null) continue;
        const { effects, nextDeadline } = feed(run, event);
        const writes = effects.map(({ destination, to }) => ({ destination, to }));
        const expected = model.feed(event, run.now);
        const order = run.policy.destinations;
        expect(writes).toEqual(
          expected.toSorted(
            (one, other) => order.indexOf(one.destination) - order.indexOf(other.destination),
          ),
        );
        expect(nextDeadline).toEqual(model.nextDeadline());

        const status = describeState(run.policy, run.state);
        for (const group of status.groups) {
          const { phase, since, hidden, requirement, weight, suppressedUntil, latched } =
            model.groups.get(group.name) ?? {};
          const until = suppressedUntil !== undefined && suppressedUntil > run.now ? suppressedUntil : null;
          const { penalty = 0, penaltyAt = 0, config: knobs } = model.groups.get(group.name) ?? {};
          const halfLives = (run.now - penaltyAt) / (knobs?.dampening?.halfLifeMs ?? 15_000);
          expect(Math.abs(group.penalty - penalty / 2 ** halfLives)).toBeLessThanOrEqual(0.500001);
          expect(group).toMatchObject({ phase, since, hidden, requirement, weight, latched });
          expect(group.suppressedUntil).toBe(until);
        }
        for (const destination of status.destinations) {
          const { is, flying, ours, error, foreign, due } = model.destinations.get(destination.id) ?? {};
          expect(destination).toMatchObject({
            is,
            pending: flying,
            owned: ours,
            error,
            foreignChanges: foreign,
            retryAt: due,
          });
          expect(destination.want).toBe(model.want(destination.id));

          // Safety: what must be down is down, being set down, or shown as not as wanted, unless enforcement is off.
          if (!model.mustBeDown(destination.id)) continue;
          expect(destination.want).toBe('down');
          const asked = destination.pending === 'down' || destination.retryAt !== null;
          const left = model.destinations.get(destination.id)?.insistsDown === false;
          expect(destination.is !== 'up' || asked || left).toBe(true);
        }
      }
    }),
    runs(),
  );
}, 300_000);
