import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LinkEvent, type LinkRecord, type Received, watchLinks } from '../src/index.ts';
import { type ScriptedBackend, scriptedBackend } from '../src/testing/index.ts';
import { doStep, type Step, steps } from './support/steps.ts';
import { stillClock } from './support/still-clock.ts';

const byIndex = (links: Iterable<LinkRecord>) => new Map([...links].map((link) => [link.index, link]));

/** Some changes, and how they reach us. */
const episode = fc.record({
  steps,
  how: fc.constantFrom('one by one' as const, 'in one read' as const, 'not at all' as const),
});

type Episode = typeof episode extends fc.Arbitrary<infer Value> ? Value : never;

function play(system: ScriptedBackend, { steps: all, how }: Episode): void {
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
}

/** The state of a listener. Checks that each event fits its state. */
function follow(known: Map<number, LinkRecord>, event: LinkEvent): void {
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
}

test('after any loss the table is right, and so is a copy built from the events', () => {
  fc.assert(
    fc.property(fc.array(episode, { maxLength: 6 }), (episodes) => {
      const system = scriptedBackend([{ index: 1, name: 'eth1' }]);
      using watch = watchLinks({ backend: system, loop: stillClock });
      const known = new Map<number, LinkRecord>();
      watch.subscribe((event: LinkEvent) => follow(known, event));
      for (const one of episodes) {
        play(system, one);
        expect(byIndex(watch.links.values())).toEqual(byIndex(system.links.values()));
        expect(known).toEqual(byIndex(system.links.values()));
        for (const [name, link] of watch.links) {
          expect(link.name).toBe(name);
        }
      }
    }),
  );
});

test('a table with names of interest is right after any loss and any change of the names', () => {
  const names = fc.subarray(['eth1', 'eth2', 'eth3', 'north']);
  const change = fc.record({ episode, names: fc.option(fc.option(names, { nil: 'all' as const })) });
  fc.assert(
    fc.property(names, fc.array(change, { maxLength: 6 }), (first, changes) => {
      const system = scriptedBackend([{ index: 1, name: 'eth1' }]);
      let interest: readonly string[] | null = first;
      using watch = watchLinks({ backend: system, interest, loop: stillClock });
      const known = new Map<number, LinkRecord>();
      watch.subscribe((event: LinkEvent) => follow(known, event));
      for (const { episode: one, names: next } of changes) {
        play(system, one);
        if (next !== null) {
          interest = next === 'all' ? null : next;
          watch.setInterest(interest);
          // A link that is no longer of interest leaves without an event.
          watch.resync();
        }
        const there = [...system.links.values()].filter(
          ({ name, altNames }) =>
            interest === null || interest.includes(name) || altNames.some((alt) => interest?.includes(alt)),
        );
        expect(byIndex(watch.links.values())).toEqual(byIndex(there));
        expect(known).toEqual(byIndex(there));
      }
    }),
    { numRuns: 300 },
  );
});

/** Changes at a place in the list of links that is on its way. */
const interleaving = fc.record({
  before: steps,
  during: fc.array(fc.tuple(fc.nat({ max: 6 }), steps), { maxLength: 4 }),
});

test('changes between the parts of a list are in its snapshot', () => {
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
          // As in a kernel: the queued parts are old, and a new message comes behind them.
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
      using watch = watchLinks({ backend: interrupted, loop: stillClock });
      expect(byIndex(watch.links.values())).toEqual(byIndex(system.links.values()));
    }),
  );
});
