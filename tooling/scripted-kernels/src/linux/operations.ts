import { encodeText, type Libc, must, openSocket } from '@ifdepd/libc';
import { Encoder, linux, NetlinkClient, SystemError } from '@ifdepd/netlink';
import {
  BOND_MODE_ACTIVEBACKUP,
  ETHTOOL_GLINK,
  iff,
  info,
  MACVLAN_MODE_BRIDGE,
  RTM_NEWLINKPROP,
  sockios,
} from './numbers.ts';

const { ifa, ifla, rta, route, rtm, nlmsg, struct } = linux;
const encoder = new Encoder(linux.littleEndian);

/** A kind of link that a request creates. */
export type CreatedKind = 'dummy' | 'bridge' | 'bond' | 'veth' | 'vlan' | 'macvlan';

/** One change of the links of a kernel, scripted or real, by the calls with which a program makes it. */
export type LinkOperation =
  | { readonly op: 'create'; readonly kind: 'dummy' | 'bridge' | 'bond'; readonly name: string }
  | { readonly op: 'create'; readonly kind: 'veth'; readonly name: string; readonly peer: string }
  | {
      readonly op: 'create';
      readonly kind: 'vlan' | 'macvlan';
      readonly name: string;
      readonly on: string;
      readonly id: number;
    }
  | { readonly op: 'delete'; readonly name: string }
  | {
      readonly op: 'admin';
      readonly name: string;
      readonly to: 'up' | 'down';
      readonly by: 'ioctl' | 'netlink';
    }
  | { readonly op: 'carrier'; readonly name: string; readonly to: 'up' | 'down' }
  | { readonly op: 'master'; readonly name: string; readonly to: string | null }
  | { readonly op: 'rename'; readonly name: string; readonly to: string }
  | { readonly op: 'alias'; readonly name: string; readonly to: string }
  | { readonly op: 'altname'; readonly name: string; readonly to: string }
  | { readonly op: 'protodown'; readonly name: string; readonly to: 'on' | 'off' }
  | { readonly op: 'ask'; readonly name: string }
  | { readonly op: 'address'; readonly name: string; readonly net: string; readonly to: 'there' | 'gone' }
  | {
      readonly op: 'route';
      readonly name: string;
      readonly net: string;
      readonly via: string;
      readonly to: 'there' | 'gone';
    };

/** Makes link operations through a libc. */
export interface Operator extends Disposable {
  /** @returns null, or the name of the errno with which the kernel refuses */
  apply(operation: LinkOperation): string | null;
}

/** The bytes of `192.0.2.1/24` and its length; 32 without one. */
function netOf(text: string): [bytes: Uint8Array, length: number] {
  const [address = '', length = '32'] = text.split('/');
  return [Uint8Array.from(address.split('.').map(Number)), Number(length)];
}

function naming(name: string): Uint8Array {
  return encoder.attribute(ifla.IFLA_IFNAME, name);
}

/** An address that depends on the name alone: a bridge chooses the lowest one of its ports. */
function addressing(name: string): Uint8Array {
  const bytes = Uint8Array.of(2, 0, 0, 0, 0, 0);
  bytes.set(encodeText(name).subarray(0, 5), 1);
  return encoder.attribute(ifla.IFLA_ADDRESS, bytes);
}

/** The attributes that create a link. */
function creating(operation: Extract<LinkOperation, { op: 'create' }>): Uint8Array[] {
  const kind = encoder.attribute(ifla.IFLA_INFO_KIND, operation.kind);
  const data = creationData(operation);
  const linkInfo = encoder.nested(
    ifla.IFLA_LINKINFO,
    kind,
    ...(data === null ? [] : [encoder.nested(ifla.IFLA_INFO_DATA, data)]),
  );
  const named = naming(operation.name);
  // A bridge and a bond take the address of a port.
  return operation.kind === 'bridge' || operation.kind === 'bond'
    ? [named, linkInfo]
    : [named, addressing(operation.name), linkInfo];
}

function creationData(operation: Extract<LinkOperation, { op: 'create' }>): Uint8Array | null {
  switch (operation.kind) {
    case 'dummy':
    case 'bridge':
      return null;
    case 'bond':
      return encoder.attribute(info.IFLA_BOND_MODE, Uint8Array.of(BOND_MODE_ACTIVEBACKUP));
    case 'veth':
      return encoder.nested(
        info.VETH_INFO_PEER,
        encoder.struct(struct.ifinfomsg, {}),
        naming(operation.peer),
        addressing(operation.peer),
      );
    case 'vlan':
      return encoder.attribute(info.IFLA_VLAN_ID, Uint8Array.of(operation.id & 0xff, operation.id >> 8));
    case 'macvlan':
      return encoder.attribute(info.IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE);
  }
}

/** Opens the sockets for operations in the namespace of this thread. */
export function openOperator(libc: Libc): Operator {
  const client = new NetlinkClient({ libc });
  const { AF_INET, SOCK_DGRAM } = libc.target.socket;
  const control = openSocket(libc, AF_INET, SOCK_DGRAM, 0, 'interface control socket');
  const ifreq = new Uint8Array(40);
  const ifreqView = new DataView(ifreq.buffer);
  const ethtool = libc.pin(8);

  /** ioctl(2) with a `struct ifreq` that holds a name, and what is in it already. */
  function ioctl(request: number, name: string): void {
    ifreq.fill(0, 0, 16);
    ifreq.set(encodeText(name));
    must(libc, libc.ioctl(control.fd, request, ifreq), 'ioctl', name);
  }

  function indexOf(name: string): number {
    ioctl(sockios.SIOCGIFINDEX, name);
    return ifreqView.getInt32(16, true);
  }

  function setAdmin(name: string, to: 'up' | 'down'): void {
    ioctl(sockios.SIOCGIFFLAGS, name);
    const flags = ifreqView.getUint16(16, true);
    ifreqView.setUint16(16, to === 'up' ? flags | iff.IFF_UP : flags & ~iff.IFF_UP, true);
    ioctl(sockios.SIOCSIFFLAGS, name);
  }

  function ask(name: string): void {
    new DataView(ethtool.bytes.buffer, ethtool.bytes.byteOffset).setUint32(0, ETHTOOL_GLINK, true);
    ifreqView.setBigUint64(16, ethtool.address, true);
    ioctl(sockios.SIOCETHTOOL, name);
  }

  function request(type: number, flags: number, values: object, ...attributes: readonly Uint8Array[]): void {
    client.set({
      type,
      flags,
      name: 'operation',
      payload: encoder.join(encoder.struct(struct.ifinfomsg, values), ...attributes),
    });
  }

  function set(name: string, ...attributes: readonly Uint8Array[]): void {
    request(rtm.RTM_SETLINK, 0, {}, naming(name), ...attributes);
  }

  function create(operation: Extract<LinkOperation, { op: 'create' }>): void {
    const below = 'on' in operation ? [encoder.attribute(ifla.IFLA_LINK, indexOf(operation.on))] : [];
    request(rtm.RTM_NEWLINK, nlmsg.NLM_F_CREATE | nlmsg.NLM_F_EXCL, {}, ...creating(operation), ...below);
  }

  function change(type: number, create: boolean, ...parts: readonly Uint8Array[]): void {
    const flags = create ? nlmsg.NLM_F_CREATE | nlmsg.NLM_F_EXCL : 0;
    client.set({ type, flags, name: 'operation', payload: encoder.join(...parts) });
  }

  function setAddress({ name, net, to }: Extract<LinkOperation, { op: 'address' }>): void {
    const [bytes, ifa_prefixlen] = netOf(net);
    change(
      to === 'there' ? rtm.RTM_NEWADDR : rtm.RTM_DELADDR,
      to === 'there',
      encoder.struct(struct.ifaddrmsg, { ifa_family: AF_INET, ifa_prefixlen, ifa_index: indexOf(name) }),
      encoder.attribute(ifa.IFA_LOCAL, bytes),
      encoder.attribute(ifa.IFA_ADDRESS, bytes),
    );
  }

  function setRoute({ name, net, via, to }: Extract<LinkOperation, { op: 'route' }>): void {
    const [bytes, rtm_dst_len] = netOf(net);
    change(
      to === 'there' ? rtm.RTM_NEWROUTE : rtm.RTM_DELROUTE,
      to === 'there',
      encoder.struct(struct.rtmsg, {
        rtm_family: AF_INET,
        rtm_dst_len,
        rtm_table: route.RT_TABLE_MAIN,
        rtm_protocol: route.RTPROT_STATIC,
        rtm_type: route.RTN_UNICAST,
      }),
      encoder.attribute(rta.RTA_DST, bytes),
      encoder.attribute(rta.RTA_GATEWAY, netOf(via)[0]),
      encoder.attribute(rta.RTA_OIF, indexOf(name)),
    );
  }

  function perform(operation: LinkOperation): void {
    const { name } = operation;
    switch (operation.op) {
      case 'create':
        create(operation);
        break;
      case 'delete':
        request(rtm.RTM_DELLINK, 0, {}, naming(name));
        break;
      case 'admin':
        if (operation.by === 'ioctl') {
          setAdmin(name, operation.to);
        } else {
          const values = { ifi_flags: operation.to === 'up' ? iff.IFF_UP : 0, ifi_change: iff.IFF_UP };
          request(rtm.RTM_SETLINK, 0, values, naming(name));
        }
        break;
      case 'carrier':
        set(name, encoder.attribute(ifla.IFLA_CARRIER, Uint8Array.of(operation.to === 'up' ? 1 : 0)));
        break;
      case 'master':
        set(name, encoder.attribute(ifla.IFLA_MASTER, operation.to === null ? 0 : indexOf(operation.to)));
        break;
      case 'rename':
        request(rtm.RTM_SETLINK, 0, { ifi_index: indexOf(name) }, naming(operation.to));
        break;
      case 'alias':
        set(name, encoder.attribute(ifla.IFLA_IFALIAS, operation.to));
        break;
      case 'altname':
        request(
          RTM_NEWLINKPROP,
          nlmsg.NLM_F_CREATE | nlmsg.NLM_F_APPEND | nlmsg.NLM_F_EXCL,
          { ifi_index: indexOf(name) },
          encoder.nested(ifla.IFLA_PROP_LIST, encoder.attribute(ifla.IFLA_ALT_IFNAME, operation.to)),
        );
        break;
      case 'protodown':
        set(name, encoder.attribute(ifla.IFLA_PROTO_DOWN, Uint8Array.of(operation.to === 'on' ? 1 : 0)));
        break;
      case 'ask':
        ask(name);
        break;
      case 'address':
        setAddress(operation);
        break;
      case 'route':
        setRoute(operation);
    }
  }

  return {
    apply(operation) {
      try {
        perform(operation);
        return null;
      } catch (error) {
        if (error instanceof SystemError) {
          return error.code;
        }
        throw error;
      }
    },
    [Symbol.dispose]() {
      client.close();
      control.close();
    },
  };
}
