import { expect, test } from 'vitest';
import { GATEWAYS } from '../src/host.ts';
import { Pair } from '../src/pair.ts';
import { PairJudge } from '../src/pair-judge.ts';
import type { World } from '../src/world.ts';

const DEAF = { [Symbol.dispose]() {} };

/** Two gateways at rest. @param isDeaf whether the daemon of the first one hears of no event */
async function atRest(isDeaf = false) {
  const pair = new Pair(
    () => {},
    (gateway, libc) => (isDeaf && gateway === 0 ? { ...libc, readable: () => DEAF } : libc),
  );
  const judge = new PairJudge(pair);
  for (const gateway of GATEWAYS) {
    await pair.worlds[gateway].start();
    judge.judges[gateway].disturbed();
  }
  /** Lets time pass, and looks. @returns what is wrong at the end */
  const pass = async (ms: number): Promise<readonly string[]> => {
    for (const end = pair.now + ms; pair.now < end; ) {
      await pair.pass(Math.min(end - pair.now, 500));
      judge.wrong();
    }
    return judge.wrong();
  };
  /** Lets time pass on both hosts, in which no router does anything. */
  const stop = (ms: number): readonly string[] => {
    judge.wrong();
    for (const { kernel } of pair.worlds) {
      kernel.pass(ms);
    }
    return judge.wrong();
  };
  expect(await pass(120_000)).toEqual([]);
  return { pair, pass, stop, [Symbol.asyncDispose]: () => closed(pair.worlds) };
}

async function closed(worlds: readonly World[]): Promise<void> {
  for (const world of worlds) {
    await world.close();
  }
}

test('the judge of two gateways allows two masters while the wire between them is cut, and for one advert interval after that', async () => {
  await using gateways = await atRest();
  const { pair, pass, stop } = gateways;
  pair.isWhole = false;
  expect(await pass(10_000)).toEqual([]);
  pair.isWhole = true;
  expect(stop(1100)).toEqual([]);
  expect(stop(1)).toEqual(['vrrp0 has two masters for 1101 ms', 'vrrp1 has two masters for 1101 ms']);
});

test('the judge of two gateways finds that no gateway becomes the master after the interface of the master went down', async () => {
  await using gateways = await atRest();
  const { pair, stop } = gateways;
  pair.worlds[0].kernel.cable('lan0', 'down');
  await pair.settle();
  expect(stop(3500)).toEqual([]);
  expect(stop(209)).toEqual([]);
  expect(stop(1)).toEqual(['vrrp0 has no master for 3710 ms, and gateway 1 is good']);
});

test('the judge of two gateways finds a master that has lost its source and keeps the other gateway from service', async () => {
  await using gateways = await atRest(true);
  const { pair, pass } = gateways;
  pair.worlds[0].kernel.cable('wan0', 'down');
  expect((await pass(10_000)).filter((text) => !text.startsWith('gateway'))).toEqual([
    expect.stringMatching(/^no master of vrrp0 has its sources for \d+ ms, and gateway 1 has$/),
  ]);
});
