import { type Libc, list, objectWith, oneOf, shown, wholeNumber } from '@ifdepd/libc';
import type { IpFamily } from './records.ts';
import type { Scope } from './scope.ts';
import type { WatchRoutesOptions } from './watch-routes.ts';

export const FAMILIES: readonly IpFamily[] = ['ipv4', 'ipv6'];

const ROUTES: readonly Scope['routes'][] = ['all', 'default', 'none'];

/** The range of an int, which setsockopt(2) and timers take. */
const WHOLE = { least: 1, most: 0x7fff_ffff } as const;
const TABLE = { least: 0, most: 0xffff_ffff } as const;
const NUMBERS = ['receiveBufferBytes', 'queueLimit', 'resyncIntervalMs'] as const;

/**
 * The scope that the options name.
 *
 * @param call the function, in errors
 * @throws {TypeError | RangeError} that names the option and its wrong value
 */
export function checkedScope(call: string, options: WatchRoutesOptions): Scope {
  objectWith(`${call}: options`, options);
  const { libc, signal, families = FAMILIES, routes = 'all', tables = 'all' } = options;
  if (libc !== undefined) {
    objectWith(`${call}: libc`, libc, 'target', 'socket', 'recvfrom');
  }
  if (signal !== undefined) {
    objectWith(`${call}: signal`, signal, 'addEventListener', 'throwIfAborted');
  }
  for (const name of NUMBERS) {
    if (options[name] !== undefined) {
      wholeNumber(`${call}: ${name}`, options[name], WHOLE);
    }
  }
  const wanted = list(`${call}: families`, families).map((family) =>
    oneOf(`${call}: a family`, family, FAMILIES),
  );
  if (wanted.length === 0) {
    throw new RangeError(`${call}: families must name 'ipv4', 'ipv6' or both, not none`);
  }
  return {
    families: FAMILIES.filter((family) => wanted.includes(family)),
    routes: oneOf(`${call}: routes`, routes, ROUTES),
    addresses: flag(`${call}: addresses`, options.addresses, true),
    neighbours: flag(`${call}: neighbours`, options.neighbours, false),
    tables:
      tables === 'all'
        ? null
        : list(`${call}: tables`, tables).map((table) => wholeNumber(`${call}: a table`, table, TABLE)),
  };
}

/** @throws {RangeError} on a system whose neighbours are not known to this package */
export function refuseNeighbours(call: string, { target }: Libc): void {
  if (!target.rtnetlink) {
    throw new RangeError(`${call}: neighbours are read on Linux alone, and this is ${target.platform}`);
  }
}

function flag(what: string, value: unknown, otherwise: boolean): boolean {
  if (value === undefined) {
    return otherwise;
  }
  if (typeof value !== 'boolean') {
    throw new TypeError(`${what} must be true or false, not ${shown(value)}`);
  }
  return value;
}
