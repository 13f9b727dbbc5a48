import { expect, test } from 'vitest';
import * as probe from '../src/index.ts';

/** Every function that is exported, called as a program without a type checker might. */
const call = probe as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
const classes = probe as unknown as Readonly<Record<string, new (...args: readonly unknown[]) => unknown>>;

test.each<[string, readonly unknown[], RegExp]>([
  ['decodeAdvert', [undefined], /^decodeAdvert: packet must be a Uint8Array, not undefined$/],
  ['openProbes', [null], /^openProbes: options must be an object, not null$/],
  ['probeObstacle', [undefined], /^probeObstacle: target must be an object, not undefined$/],
  ['probeObstacle', [{}], /^probeObstacle: target must be an object with 'kind', which this one lacks$/],
  ['advertLabel', [null], /^advertLabel: target must be an object, not null$/],
  [
    'advertLabel',
    [{ vrid: 1 }],
    /^advertLabel: target must be an object with 'interface', which this one lacks$/,
  ],
  ['advertObstacle', [Symbol('x')], /^advertObstacle: target must be an object, not Symbol\(x\)$/],
  ['advertObstacle', [{ vrid: 1, interface: 'x' }, 5], /^advertObstacle: libc must be an object, not 5$/],
  ['listenForAdverts', [{}, null], /^listenForAdverts: onChange must be a function, not null$/],
  ['listenForAdverts', [{}, () => {}, Number.NaN], /^listenForAdverts: libc must be an object, not NaN$/],
  ['targetLabel', [null], /^targetLabel: target must be an object, not null$/],
])('%s(%j): the error names the argument and the value', (name, args, message) => {
  expect(() => call[name]?.(...args)).toThrow(message);
});

test.each<[string, readonly unknown[], RegExp]>([
  ['AdvertJudge', [undefined, 0], /^AdvertJudge: target must be an object, not undefined$/],
  [
    'AdvertJudge',
    [{ kind: 'peer', vrid: 1 }, 'now'],
    /^AdvertJudge: nowMs must be a number of milliseconds, not 'now'$/,
  ],
  ['Rounds', [null, 0], /^Rounds: pace must be an object, not null$/],
  ['Rounds', [{}, 0], /^Rounds: pace must be an object with 'everyMs', which this one lacks$/],
  [
    'Rounds',
    [{ everyMs: 1, timeoutMs: 1 }],
    /^Rounds: firstMs must be a number of milliseconds, not undefined$/,
  ],
  [
    'Rounds',
    [{ everyMs: '1s', timeoutMs: 1 }, 0],
    /^Rounds: pace\.everyMs must be a number of milliseconds, not '1s'$/,
  ],
  ['TimerWheel', [Number.NaN], /^TimerWheel: nowMs must be a number of milliseconds, not NaN$/],
])('new %s(%j): the error names the argument and the value', (name, args, message) => {
  const Class = classes[name];
  expect(() => Class && new Class(...args)).toThrow(message);
});

type Method = (...args: readonly unknown[]) => unknown;
const methodsOf = (object: object) => object as unknown as Readonly<Record<string, Method>>;
const objects = {
  Judge: methodsOf(new probe.Judge({})),
  AdvertJudge: methodsOf(new probe.AdvertJudge({ kind: 'peer', vrid: 1, interface: 'eth0' }, 0)),
  TimerWheel: methodsOf(new probe.TimerWheel(0)),
};

test.each<[keyof typeof objects, string, readonly unknown[], RegExp]>([
  ['Judge', 'observe', [null, 0], /^Judge\.observe: result must be an object, not null$/],
  ['Judge', 'observe', [{ type: 'lost' }, 0], /^Judge\.observe: result\.type must be one of .*, not 'lost'$/],
  [
    'Judge',
    'observe',
    [{ type: 'unanswered' }],
    /^Judge\.observe: sentMs must be a number of milliseconds, not u/,
  ],
  [
    'Judge',
    'observe',
    [{ type: 'answered' }, 0],
    /^Judge\.observe: result\.rttMs must be a number of millise/,
  ],
  ['AdvertJudge', 'observe', [null, false, 0], /^AdvertJudge\.observe: advert must be an object, not null$/],
  ['TimerWheel', 'set', [null, 0], /^TimerWheel: timer must be an object, not null$/],
  [
    'TimerWheel',
    'set',
    [{ tick: -1 }, 'soon'],
    /^TimerWheel\.set: atMs must be a number of milliseconds, not 'soon'$/,
  ],
  ['TimerWheel', 'clear', [{}], /^TimerWheel: timer must be an object with 'tick', which this one lacks$/],
  [
    'TimerWheel',
    'advance',
    [Number.NaN],
    /^TimerWheel\.advance: nowMs must be a number of milliseconds, not NaN$/,
  ],
])('%s.%s(%j): the error names the argument and the value', (of, method, args, message) => {
  expect(() => objects[of][method]?.(...args)).toThrow(message);
});
