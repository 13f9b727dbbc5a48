import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { VirtualRouter } from '../support/virtual-router.ts';

const rules = readFileSync(
  new URL('../../examples/linux-stay-up-alone/ifdepd.conf', import.meta.url),
  'utf8',
);
const TICK_MS = 50;
/** Until a master that is gone is missed, and until a backup is master: three intervals of 1 s, and the skew of priority 100. */
const MISSED_MS = 3000 + (1000 * (256 - 100)) / 256;
/** Then the `up-delay` of the gateway that waits longer lies between; each of the four waits may end a tick late. */
const LONGEST_GAP_MS = MISSED_MS + 12_000 + MISSED_MS + 4 * TICK_MS;
const DOWN_DELAY_MS = 300_000;
const QUIET_MS = 2 * DOWN_DELAY_MS + 60_000;

const links = fc.record({
  aLan: fc.boolean(),
  aWan: fc.boolean(),
  bLan: fc.boolean(),
  bWan: fc.boolean(),
  forMs: fc.integer({ min: TICK_MS, max: 30_000 }),
});

test('two gateways settle after any failures: one is master, the one with an upstream, and they do not flap', () => {
  fc.assert(
    fc.property(fc.array(links, { minLength: 1, maxLength: 12 }), (phases) => {
      let now = 0;
      const clock = () => now;
      const a: VirtualRouter = new VirtualRouter(1, 200, parseSettings(rules, 'a'), clock, (advert) => {
        if (b.lan) {
          b.hear(advert);
        }
      });
      const b: VirtualRouter = new VirtualRouter(
        2,
        100,
        parseSettings(rules.replace('up-delay: 5s', 'up-delay: 12s'), 'b'),
        clock,
        (advert) => {
          if (a.lan) {
            a.hear(advert);
          }
        },
      );
      const both = [a, b];
      const tick = () => {
        now += TICK_MS;
        for (const one of both) {
          one.tick();
        }
      };
      for (const { aLan, aWan, bLan, bWan, forMs } of phases) {
        Object.assign(a, { lan: aLan, wan: aWan });
        Object.assign(b, { lan: bLan, wan: bWan });
        for (const until = now + forMs; now < until; ) {
          tick();
        }
      }
      const reachable = both.filter(({ lan }) => lan);
      const best = reachable.filter(({ wan }) => wan);
      const began = now;
      const changes = a.changes + b.changes;
      let masterMs = now;
      let twoMs = 0;
      while (now < began + QUIET_MS) {
        tick();
        const masters = reachable.filter(({ state }) => state === 'master');
        masterMs = masters.length > 0 ? now : masterMs;
        twoMs = masters.length > 1 ? twoMs + TICK_MS : 0;
        expect(twoMs).toBeLessThanOrEqual(1500);
        if (reachable.length > 0) {
          expect(now - masterMs).toBeLessThanOrEqual(LONGEST_GAP_MS);
        }
        if (best.length > 0 && now > began + DOWN_DELAY_MS + LONGEST_GAP_MS) {
          expect(masters.every(({ wan }) => wan)).toBe(true);
          expect(now - masterMs).toBe(0);
        }
      }
      // At the start, and a yield after each down-delay.
      expect(a.changes + b.changes - changes).toBeLessThanOrEqual(16);
    }),
    {
      numRuns: Number(process.env['FC_NUM_RUNS'] ?? 6),
      // Gateway a is cut off as soon as it is master: the longest gap.
      examples: [
        [
          [
            { aLan: true, aWan: false, bLan: true, bWan: false, forMs: 12_201 },
            { aLan: false, aWan: false, bLan: true, bWan: false, forMs: TICK_MS },
          ],
        ],
      ],
    },
  );
});
