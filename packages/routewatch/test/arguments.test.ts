import { expect, test } from 'vitest';
import * as routewatch from '../src/index.ts';

/** Every function that is exported, called as a program without a type checker might. */
const call = routewatch as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

test.each<[string, readonly unknown[], RegExp]>([
  ['isDefaultRoute', [undefined], /^isDefaultRoute: route must be an object, not undefined$/],
  [
    'isDefaultRoute',
    [{}],
    /^isDefaultRoute: route must be an object with 'destination', which this one lacks$/,
  ],
  ['listRoutes', [null], /^listRoutes: options must be an object, not null$/],
  ['listAddresses', ['ipv4'], /^listAddresses: options must be an object, not 'ipv4'$/],
  ['listNeighbours', [5], /^listNeighbours: options must be an object, not 5$/],
  ['defaultRoute', ['ipv5'], /^defaultRoute: family must be one of/],
  ['watchRoutes', [null], /^watchRoutes: options must be an object, not null$/],
])('%s(%j): the error names the argument and the value', (name, args, message) => {
  expect(() => call[name]?.(...args)).toThrow(message);
});
