import type { LinkRecord } from '@ifdepd/linkwatch';
import type { Dependent } from '@ifdepd/linkwatch/linux';
import { linux } from '@ifdepd/netlink';
import { addressText, type KernelRoute } from '@ifdepd/netlink/rtnetlink';
import { isAdvert } from '../config/advert-target.ts';
import { isLocal, isSensor } from '../config/local-target.ts';
import type { ProbeSettings } from '../config/settings.ts';
import type { HostFacts } from './host-facts.ts';
import type { ResolvedRoute } from './lost-routes.ts';

/** The links that a source depends on: it fails when all of them are lost. */
export interface Way {
  readonly id: string;
  readonly links: readonly LinkRecord[];
  /** How a probe depends on them, such as `is sent through`; null of a source that is the link. */
  readonly use: string | null;
  /** Whether a link is lost to it that loses its carrier alone. */
  readonly needsCarrier: boolean;
}

/** Whether a source fails while these links are lost. */
export function failsWith({ links, needsCarrier }: Way, lost: ReadonlyMap<number, Dependent>): boolean {
  return links.every(({ index }) => {
    const loss = lost.get(index)?.loss;
    return loss === 'closed' || (loss === 'no-carrier' && needsCarrier);
  });
}

/** The ways of probes, where they are known. */
export function waysOfProbes(
  probes: ReadonlyMap<string, ProbeSettings>,
  { links, probeRoutes }: Pick<HostFacts, 'links' | 'probeRoutes'>,
  routes: readonly ResolvedRoute[],
  linkOf: (name: string) => LinkRecord | undefined,
): readonly Way[] {
  const byIndex = new Map([...links.values()].map((link) => [link.index, link]));
  return [...probes].flatMap(([id, { target }]): readonly Way[] => {
    // Linux keeps the addresses of IPv4.
    if (target.kind === 'address' && target.family === 'ipv4') {
      return [];
    }
    const own = target.interface === undefined ? undefined : linkOf(target.interface);
    const found =
      target.interface !== undefined
        ? [own]
        : [...indicesOf(target, probeRoutes.get(id), routes)].map((index) => byIndex.get(index ?? 0));
    const known = found.filter((link) => link !== undefined);
    const needsCarrier = target.kind !== 'address' && target.kind !== 'errors';
    return known.length === 0 || known.length < found.length
      ? []
      : [{ id, links: known, use: useOf(target), needsCarrier }];
  });
}

/** The interfaces of all routes that a probe without an interface may take. */
function indicesOf(
  target: ProbeSettings['target'],
  taken: KernelRoute | undefined,
  routes: readonly ResolvedRoute[],
): ReadonlySet<number | null> {
  if (target.kind === 'route') {
    const through = routes.filter((route) => isRouteTo(route, target.destination));
    return new Set(through.flatMap((route) => route.through));
  }
  const hops = taken?.hops ?? [];
  // A host on the link is reached over that link alone.
  const others = hops.some(({ gateway }) => gateway !== null)
    ? routes.filter((route) => taken !== undefined && covers(route, taken.destination))
    : [];
  return new Set([...hops.map(({ index }) => index), ...others.flatMap(({ through }) => through)]);
}

function isRouteTo({ destination, length, ...route }: KernelRoute, net: string): boolean {
  return isCommon(route) && `${addressText(destination)}/${length}` === net;
}

/** Whether packets to an address may take a route. */
function covers({ destination, length, ...route }: KernelRoute, address: Uint8Array): boolean {
  const bits = (bytes: Uint8Array) =>
    [...bytes]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('')
      .slice(0, length);
  return (
    isCommon(route) && destination.byteLength === address.byteLength && bits(destination) === bits(address)
  );
}

/** Whether it is one of the main table for packets of every source and service. */
function isCommon({
  table,
  type,
  source,
  tos,
}: Pick<KernelRoute, 'table' | 'type' | 'source' | 'tos'>): boolean {
  const { RTN_UNICAST, RT_TABLE_MAIN } = linux.route;
  return table === RT_TABLE_MAIN && type === RTN_UNICAST && source === null && tos === 0;
}

function useOf(target: ProbeSettings['target']): string {
  if (isAdvert(target)) {
    return 'listens on';
  }
  if (isSensor(target)) {
    return `reads the ${target.kind} of`;
  }
  return isLocal(target)
    ? `needs ${target.kind === 'route' ? 'a route through' : 'an address of'}`
    : 'is sent through';
}
