import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LinkEvent, type LinkRecord, type Received, watchLinks } from '../src/index.ts';
import { scriptedBackend } from '../src/testing/index.ts';
import { doStep, type Step, steps } from './support/steps.ts';

const byIndex = (links: Iterable<LinkRecord>) => new Map([...links].map((link) => [link.index, link]));

/** Some changes, and how they reach us. */
const episode = fc.record({
  steps,
  how: fc.constantFrom('one by one' as const, 'in one read' as const, 'not at all' as const),
});

test('after whatever was lost, the table is what there is; events alone would have told', () => {
  fc.assert(
    fc.property(fc.array(episode, { maxLength: 6 }), (episodes) => {
      const system = scriptedBackend([{ index: 1, name: 'eth1' }]);
      using watch = watchLinks({ backend: system });
      const known = new Map<number, LinkRecord>();
      watch.subscribe((event: LinkEvent) => {
        if (event.type === 'snapshot') {
          known.clear();
          for (const link of event.links) {
            known.set(link.index, link);
          }
        } else if (event.type === 'departed') {
          expect(known.get(event.link.index)).toEqual(event.link);
          known.delete(event.link.index);
        } else if (event.type === 'touched') {
          expect.unreachable('rtnetlink has no such event');
        } else {
          expect(known.get(event.link.index)).toEqual(event.type === 'arrived' ? undefined : event.was);
          known.set(event.link.index, event.link);
        }
      });
      for (const { steps: all, how } of episodes) {
        const change = () => {
          for (const step of all) {
            doStep(system, step);
          }
        };
        if (how === 'one by one') {
          change();
        } else if (how === 'in one read') {
          system.batch(change);
        } else {
          system.lose(change);
        }
        expect(byIndex(watch.links.values())).toEqual(byIndex(system.links.values()));
        expect(known).toEqual(byIndex(system.links.values()));
        for (const [name, link] of watch.links) {
          expect(link.name).toBe(name);
        }
      }
    }),
  );
});

/** Changes at a place in the list of links that is on its way. */
const interleaving = fc.record({
  before: steps,
  during: fc.array(fc.tuple(fc.nat({ max: 6 }), steps), { maxLength: 4 }),
});

test('changes between the parts of a list are in the snapshot', () => {
  fc.assert(
    fc.property(interleaving, ({ before, during }) => {
      const system = scriptedBackend();
      for (const step of before) {
        doStep(system, step);
      }
      let received = 0;
      let receiving = false;
      const interrupted = {
        ...system,
        receive(): Received {
          // As in a kernel: the parts that are queued are old, and what is told now comes behind them.
          if (receiving) {
            for (const [at, all] of during) {
              if (at === received) {
                runAll(all);
              }
            }
            received++;
          }
          return system.receive();
        },
        requestSnapshot() {
          receiving = true;
          return system.requestSnapshot();
        },
      };
      function runAll(all: readonly Step[]): void {
        for (const step of all) {
          doStep(system, step);
        }
      }
      using watch = watchLinks({ backend: interrupted });
      expect(byIndex(watch.links.values())).toEqual(byIndex(system.links.values()));
    }),
  );
});
