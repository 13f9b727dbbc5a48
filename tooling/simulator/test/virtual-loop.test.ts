import { scriptedLinux } from '@ifdepd/scripted-kernels';
import { expect, test } from 'vitest';
import { VirtualLoop } from '../src/virtual-loop.ts';

function loopOf() {
  const loop: VirtualLoop = new VirtualLoop(() => kernel);
  const kernel = scriptedLinux({ defer: loop.defer });
  const began = loop.now();
  const seen: string[] = [];
  const note = (word: string) => () => void seen.push(`${loop.now() - began} ${word}`);
  const pass = (ms: number) => {
    for (const end = loop.now() + ms; loop.now() < end; ) {
      loop.step(end);
    }
  };
  return { loop, seen, note, pass };
}

test('a virtual loop calls timers at their time and in the order of their setting, and what they defer after those that are due', () => {
  const { loop, seen, note, pass } = loopOf();
  loop.setTimer(note('third'), 20);
  loop.setTimer(() => {
    note('first')();
    loop.defer(note('deferred'));
    loop.soon(note('soon'));
  }, 10);
  loop.setTimer(note('second'), 10);
  loop.clearTimer(loop.setTimer(note('cleared'), 10));
  loop.cancel(loop.defer(note('cancelled')));
  pass(30);
  expect(seen).toEqual(['10 first', '10 soon', '10 second', '10 deferred', '20 third']);
  expect(loop.pending).toBe(0);
});

test('a ticker of a virtual loop that slept is called once, as a ticker of Node is', () => {
  const { loop, seen, note, pass } = loopOf();
  const ticker = loop.setTicker(note('tick'), 10);
  pass(25);
  loop.clearTicker(ticker);
  pass(25);
  expect(seen).toEqual(['10 tick', '20 tick']);
});

test('a virtual loop in which each callback defers another one throws, and does not run for ever', () => {
  const { loop } = loopOf();
  const again = () => void loop.defer(again);
  again();
  expect(() => loop.turn()).toThrow('100000 callbacks at one moment');
});

test('the wall clock of a virtual loop is set without a change of its time', () => {
  const { loop } = loopOf();
  const [now, wallNow] = [loop.now(), loop.wallNow()];
  loop.stepWallClock(-1000);
  expect([loop.now() - now, loop.wallNow() - wallNow]).toEqual([0, -1000]);
});
