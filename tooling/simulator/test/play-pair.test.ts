import { random } from '@ifdepd/faults';
import { expect, test } from 'vitest';
import { pairOperations } from '../src/pair-operation.ts';
import { playPair } from '../src/play-pair.ts';

/** The simulated time of each short history, before the quiet at its end. */
const SHORT_MS = 120_000;

const FIFTY = Array.from({ length: 50 }, (_, at) => at + 1);

test('50 short histories of two gateways: nothing is wrong, and each has the trace that is recorded for its seed', async () => {
  const traces: string[] = [];
  for (const seed of FIFTY) {
    const { hash, violation } = await playPair(pairOperations(random(seed)), { forMs: SHORT_MS });
    traces.push(`${seed} ${violation ?? hash}`);
  }
  await expect(`${traces.join('\n')}\n`).toMatchFileSnapshot('fixtures/traces-of-50-pairs.txt');
}, 600_000);

test('a loss is found in time that the kernel delays by a second more, as the link below a destination that is down was lost before', async () => {
  const { violation } = await playPair([
    { afterMs: 60_000, do: 'remake', name: 'vlan0', on: 0 },
    { afterMs: 60_000, do: 'cable', name: 'wan1', to: 'down', on: 0 },
    { afterMs: 60_000, do: 'cable', name: 'lan0', to: 'down', on: 0 },
    { afterMs: 1120, do: 'cable', name: 'wan2', to: 'down', on: 0 },
  ]);
  expect(violation).toBeNull();
});
