import { expect, test } from 'vitest';
import * as linux from '../src/linux/index.ts';

/** Every function that is exported, called as a program without a type checker might. */
const call = linux as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
const none = linux.topologyOf([]);

test.each<[string, readonly unknown[], RegExp]>([
  ['topologyOf', [undefined], /^topologyOf: links must be an object, not undefined$/],
  ['topologyOf', ['eth0'], /^topologyOf: links must be an object, not 'eth0'$/],
  ['topologyOf', [{}], /^topologyOf: links must be an iterable of links/],
  ['dependentsOf', [undefined, []], /^dependentsOf: topology must be an object, not undefined$/],
  ['dependentsOf', [none, 'eth0'], /^dependentsOf: set must be an array, not 'eth0'$/],
  ['openLinkSensor', [null], /^openLinkSensor: options must be an object, not null$/],
  ['openLossSocket', [null], /^openLossSocket: options must be an object, not null$/],
])('%s(%j): the error names the argument and the value', (name, args, message) => {
  expect(() => call[name]?.(...args)).toThrow(message);
});
