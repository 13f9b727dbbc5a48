import { type Libc, SystemError } from '@ifdepd/libc';
import { type GenericFamily, linux, NetlinkClient, resolveFamily } from '@ifdepd/netlink';
import {
  type BondPort,
  type DeviceLink,
  type LinkModes,
  listBondPorts,
  listWireguardPeers,
  readDeviceLink,
  readLinkModes,
  type WireguardPeer,
} from '@ifdepd/netlink/devices';

/** What the kernel tells of devices. Every method throws a `SystemError` where the kernel refuses. */
export interface KernelDevices extends Disposable {
  /** Null where no link has the name. */
  link(name: string): DeviceLink | null;
  ports(bond: DeviceLink): readonly BondPort[];
  /** Null where the driver, or the kernel (before 5.6), has none. */
  modes(link: DeviceLink): LinkModes | null;
  peers(link: DeviceLink): readonly WireguardPeer[];
}

/** Opens what asks the kernel of Linux for devices. The sockets are opened with the first question. */
export function kernelDevices(libc: Libc): KernelDevices {
  const { NETLINK_GENERIC, NETLINK_ROUTE } = linux.socket;
  const clients = new Map<number, NetlinkClient>();
  const families = new Map<string, GenericFamily>();

  function client(protocol: number): NetlinkClient {
    const open = clients.get(protocol) ?? new NetlinkClient({ libc, protocol });
    clients.set(protocol, open);
    return open;
  }

  /**
   * Asks a family of generic netlink; null where the kernel has not loaded it. A refusal may mean that its module was removed, and
   * has another number since: the family is looked up again next time.
   */
  function ask<Answer>(
    name: string,
    question: (client: NetlinkClient, family: GenericFamily) => Answer,
  ): Answer | null {
    const generic = client(NETLINK_GENERIC);
    const found = families.get(name) ?? resolveFamily(generic, name);
    if (found === null) {
      return null;
    }
    families.delete(name);
    const answer = question(generic, found);
    families.set(name, found);
    return answer;
  }

  return {
    link: (name) => readDeviceLink(client(NETLINK_ROUTE), name),
    ports: ({ index }) => listBondPorts(client(NETLINK_ROUTE), index),
    modes({ index, name }) {
      try {
        return ask('ethtool', (client, family) => readLinkModes(client, family, index, name));
      } catch (error) {
        if (error instanceof SystemError && error.kind === 'unsupported') {
          return null;
        }
        throw error;
      }
    },
    peers: ({ index, name }) =>
      ask('wireguard', (client, family) => listWireguardPeers(client, family, index, name)) ?? [],
    [Symbol.dispose]() {
      for (const one of clients.values()) {
        one.close();
      }
      clients.clear();
    },
  };
}
