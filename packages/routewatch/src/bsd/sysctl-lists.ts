import { type Libc, SystemError } from '@ifdepd/libc';
import { DecodeError } from '@ifdepd/netlink';
import { addNumbered, addressKey, routeKey } from '../keys.ts';
import type { AddressRecord, RouteRecord } from '../records.ts';
import { type Scope, wantsFamily, wantsLength } from '../scope.ts';
import { common, type RouteAbi } from './route-abi.ts';
import { decodeAddress, decodeName, decodeRoute, messagesIn } from './route-messages.ts';

/** The lists of sysctl(3), by key. */
export interface SysctlLists {
  readonly ipv4: ReadonlyMap<string, RouteRecord>;
  readonly ipv6: ReadonlyMap<string, RouteRecord>;
  readonly addresses: ReadonlyMap<string, AddressRecord>;
}

/** Room for a small host. It grows where that is needed. */
const FIRST_BYTES = 16 * 1024;

/** How often a list may outgrow its memory before it counts as refused. */
const MOST_ATTEMPTS = 4;

/**
 * Reads the routes and the addresses that the scope wants.
 *
 * @throws {SystemError} where the system refuses
 * @throws {DecodeError} where a list cannot be read
 */
export function readSysctlLists(libc: Libc, abi: RouteAbi, scope: Scope): SysctlLists {
  const names = new Map<number, string>();
  const nameOf = (index: number) => names.get(index) ?? null;
  const addresses = new Map<string, AddressRecord>();
  const routes = { ipv4: new Map<string, RouteRecord>(), ipv6: new Map<string, RouteRecord>() };
  for (const message of messagesIn(fetchList(libc, [...path(abi), 0, abi.NET_RT_IFLIST, 0]), abi)) {
    if (message.type === abi.RTM_IFINFO) {
      const named = decodeName(message, abi);
      if (named !== null) {
        names.set(...named);
      }
    } else if (message.type === abi.RTM_NEWADDR && scope.addresses) {
      const entry = decodeAddress(message, abi, nameOf);
      if (entry !== null && scope.families.includes(entry.family)) {
        addNumbered(addresses, addressKey(entry), entry);
      }
    }
  }
  if (names.size === 0) {
    // Every system has lo0. Another version of the messages would look like a host without routes.
    throw new DecodeError(`no interface in the list of interfaces, in version ${abi.RTM_VERSION}`, 0);
  }
  for (const [version, family] of [
    [4, common.AF_INET],
    [6, abi.AF_INET6],
  ] as const) {
    if (scope.routes === 'none' || !wantsFamily(scope, version)) {
      continue;
    }
    for (const message of messagesIn(fetchList(libc, [...path(abi), family, common.NET_RT_DUMP, 0]), abi)) {
      const entry = decodeRoute(message, abi, nameOf);
      if (entry !== null && wantsLength(scope, Number(entry.destination.split('/')[1]))) {
        addNumbered(routes[entry.family], routeKey(entry), entry);
      }
    }
  }
  return { ...routes, addresses };
}

function path({ AF_ROUTE }: RouteAbi): readonly number[] {
  return [common.CTL_NET, AF_ROUTE, 0];
}

/** The bytes of a list, which may grow between the measurement and the read. */
function fetchList(libc: Libc, mib: readonly number[]): Uint8Array {
  const { ENOMEM } = libc.target.errnoOf;
  let into = new Uint8Array(FIRST_BYTES);
  let length = -ENOMEM;
  for (let left = MOST_ATTEMPTS; left > 0 && length === -ENOMEM; left -= 1) {
    length = libc.sysctl(mib, into, null);
    if (length === -ENOMEM) {
      const wanted = libc.sysctl(mib, null, null);
      into = new Uint8Array(Math.max(into.byteLength, 2 * Math.max(0, wanted)));
    }
  }
  if (length < 0) {
    throw new SystemError(libc.target, -length, 'sysctl NET_RT', 'list of routes');
  }
  return into.subarray(0, length);
}
