import type { LinkRecord } from '@ifdepd/linkwatch';

/** What `ip -d -j link` says of an interface, as far as anything here follows from it. */
export interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  /** The name of the interface it stands on. */
  readonly link?: string;
  /** The same by its number, in another network namespace. */
  readonly link_index?: number;
  readonly link_netnsid?: number;
  /** The name of the bridge or bond it is a port of. */
  readonly master?: string;
  readonly altnames?: readonly string[];
  readonly flags?: readonly string[];
  readonly operstate?: string;
  readonly linkinfo?: { readonly info_kind?: string };
}

/** The records of links as iproute2 shows them: kernel facts of hosts that this one cannot be. */
export function links(all: readonly IpLink[]): ReadonlyMap<string, LinkRecord> {
  const indexOf = (name: string | undefined) => all.find(({ ifname }) => ifname === name)?.ifindex ?? null;
  return new Map(
    all.map(({ ifname, ifindex, link, master, altnames = [], flags = [], linkinfo, operstate }) => [
      ifname,
      {
        index: ifindex,
        name: ifname,
        altNames: altnames,
        flags: 0,
        adminUp: flags.includes('UP'),
        operstate: operstate === 'UP' ? 'up' : 'down',
        carrier: flags.includes('LOWER_UP'),
        running: flags.includes('UP'),
        dormant: false,
        carrierUpCount: null,
        carrierDownCount: null,
        linkIndex: indexOf(link),
        masterIndex: indexOf(master),
        kind: linkinfo?.info_kind ?? null,
        protoDown: false,
        protoDownReasons: 0,
        type: 1,
        alias: null,
      },
    ]),
  );
}
