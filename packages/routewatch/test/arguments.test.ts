import { scriptedNetlink } from '@ifdepd/netlink/testing';
import { expect, test } from 'vitest';
import { defaultRoute, listRoutes, type WatchRoutesOptions, watchRoutes } from '../src/index.ts';

/** What a caller without a type checker may pass. */
function wrong(options: Readonly<Record<string, unknown>>): WatchRoutesOptions {
  return options;
}

test.each([
  [{ families: ['ipv5'] }, "watchRoutes: a family must be one of 'ipv4', 'ipv6', not 'ipv5'"],
  [{ families: [] }, "watchRoutes: families must name 'ipv4', 'ipv6' or both, not none"],
  [{ families: 'ipv4' }, "watchRoutes: families must be an array, not 'ipv4'"],
  [{ routes: 'some' }, "watchRoutes: routes must be one of 'all', 'default', 'none', not 'some'"],
  [{ tables: [-1] }, 'watchRoutes: a table must be a whole number from 0 to 4294967295, not -1'],
  [{ addresses: 1 }, 'watchRoutes: addresses must be true or false, not 1'],
  [{ neighbours: 'yes' }, "watchRoutes: neighbours must be true or false, not 'yes'"],
  [{ queueLimit: 0 }, 'watchRoutes: queueLimit must be a whole number from 1 to 2147483647, not 0'],
  [{ libc: {} }, "watchRoutes: libc must be an object with 'target', which this one lacks"],
  [{ signal: 5 }, 'watchRoutes: signal must be an object, not 5'],
])('watchRoutes refuses %o by name and value, before it opens anything', (options, message) => {
  const { libc, calls } = { libc: scriptedNetlink(() => []), calls: [] };
  expect(() => watchRoutes({ libc, ...wrong(options) })).toThrow(message);
  expect(calls).toEqual([]);
});

test('an aborted signal is thrown before anything is opened', () => {
  const reason = new Error('no more');
  expect(() => watchRoutes({ signal: AbortSignal.abort(reason) })).toThrow(reason);
});

test('the one-shot functions refuse a wrong argument by name and value', () => {
  const family = 'inet' as 'ipv4';
  expect(() => defaultRoute(family)).toThrow(
    "defaultRoute: family must be one of 'ipv4', 'ipv6', not 'inet'",
  );
  expect(() => listRoutes(wrong({ tables: 7 }))).toThrow('listRoutes: tables must be an array, not 7');
});
