import type { Libc } from '@ifdepd/libc';
import { NetlinkClient } from '@ifdepd/netlink';
import { addressBytes, type KernelRoute, routeTo } from '@ifdepd/netlink/rtnetlink';
import { isAdvert } from '../config/advert-target.ts';
import { isLocal } from '../config/local-target.ts';
import type { ProbeSettings } from '../config/settings.ts';

/** The route that each probe of a host takes at present, by id. Absent: it names its way itself, or its host by a name. */
export function probeRoutes(
  probes: ReadonlyMap<string, ProbeSettings>,
  libc: Libc,
): ReadonlyMap<string, KernelRoute> {
  const hosts = [...probes].flatMap(([id, { target }]) => {
    const host = hostOf(target);
    // The zone of an address is an interface.
    const bytes = host === null || host.includes('%') ? null : addressBytes(host);
    return bytes === null ? [] : [{ id, bytes }];
  });
  if (hosts.length === 0 || !libc.target.rtnetlink) {
    return new Map();
  }
  using client = new NetlinkClient({ libc });
  return new Map(
    hosts.flatMap(({ id, bytes }) => {
      const route = routeTo(client, bytes);
      return route === null ? [] : [[id, route]];
    }),
  );
}

function hostOf(target: ProbeSettings['target']): string | null {
  if (isLocal(target) || isAdvert(target) || target.kind === 'arp') {
    return null;
  }
  if (target.interface !== undefined || target.source !== undefined || target.mark !== undefined) {
    return null;
  }
  switch (target.kind) {
    case 'dns':
      return target.server;
    case 'http':
      return new URL(target.url).hostname.replace(/^\[(.*)\]$/, '$1');
    default:
      return target.host;
  }
}
