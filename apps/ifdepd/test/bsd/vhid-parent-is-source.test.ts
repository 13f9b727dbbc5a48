import type { ScriptedBsd } from '@ifdepd/scripted-kernels';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bsdHost } from '../support/bsd-host.ts';

/** The manual's own example: `-S em0:bge0 -D 1@em0:2@bge0`, each parent a source. */
const gateway = 'groups: {gateway: {sources: [em0, bge0], destinations: [1@em0, 2@bge0]}}';

function vhids(kernel: ScriptedBsd): void {
  kernel.createCarp('1@em0', 'em0', 1, 100);
  kernel.createCarp('2@bge0', 'bge0', 2, 0);
  kernel.elect('1@em0', 'master');
  kernel.elect('2@bge0', 'master');
}

const skews = (kernel: ScriptedBsd) => [kernel.carp('1@em0').advskew, kernel.carp('2@bge0').advskew];

describe('vhids whose parent is a source', () => {
  test('four failures and repairs in a row: lowered and put back each time, and no change by another program', async () => {
    const { kernel, settle, daemon, log } = await bsdHost('freebsd', { config: gateway, before: vhids });
    for (let round = 0; round < 4; round += 1) {
      kernel.carrier('em0', 'down');
      settle();
      expect(skews(kernel)).toEqual([240, 240]);
      kernel.carrier('em0', 'up');
      settle();
      expect(skews(kernel)).toEqual([100, 0]);
    }
    expect(daemon.status.counters.foreignChanges).toBe(0);
    expect(log.filter(({ event }) => event === 'foreign-change')).toEqual([]);
  });

  test('whatever is lost and repaired, and however much of it is read at once: the last state counts', async () => {
    const { kernel, receive, settle, daemon, log } = await bsdHost('freebsd', {
      config: gateway,
      before: vhids,
    });
    const cable = fc.tuple(fc.constantFrom('em0', 'bge0'), fc.constantFrom('down' as const, 'up' as const));
    const rounds = fc.array(fc.tuple(cable, fc.nat(2)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rounds, (changes) => {
        for (const [[name, to], turns] of changes) {
          kernel.carrier(name, to);
          receive(turns);
        }
        settle();
        const active = daemon.status.groups.every(({ requirement }) => requirement === 'active');
        expect(skews(kernel)).toEqual(active ? [100, 0] : [240, 240]);
      }),
      { numRuns: 60 },
    );
    expect(daemon.status.counters.foreignChanges).toBe(0);
    expect(log.filter(({ event }) => event === 'foreign-change')).toEqual([]);
  });
});
