import { cable, enterNewNamespace, ip } from '@ifdepd/netlab';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  attributeOf,
  decodeStruct,
  Encoder,
  linux,
  NetlinkClient,
  NetlinkSession,
  openNetlinkSocket,
  payloadOf,
  resolveFamily,
  type SessionSink,
  type StructLayout,
  textIn,
} from '../../src/index.ts';

const { bpf, genl, ifla, ifa, rta, nda, rtm, rtnlgrp, struct, socket, littleEndian } = linux;

beforeEach(() => {
  enterNewNamespace();
  ip('link', 'set', 'lo', 'up');
});

function list(client: NetlinkClient, type: number, layout: StructLayout): Uint8Array[] {
  const found: Uint8Array[] = [];
  const request = { type, name: `request ${type}`, payload: client.encoder.struct(layout, {}) };
  client.dump(
    request,
    (payload) => found.push(Uint8Array.from(payload)),
    () => found.splice(0),
  );
  return found;
}

function nameOf(link: Uint8Array): string {
  return textIn(attributeOf(link, ifla.IFLA_IFNAME, littleEndian, struct.ifinfomsg.size) ?? new Uint8Array());
}

describe('the kernel', () => {
  test('the kernel lists its links, addresses, routes and neighbours to a client', () => {
    cable('eth0');
    ip('link', 'set', 'eth0', 'up');
    ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
    ip('route', 'add', '198.51.100.0/24', 'via', '192.0.2.9', 'dev', 'eth0');
    ip('neigh', 'add', '192.0.2.77', 'lladdr', '02:00:00:00:00:01', 'dev', 'eth0', 'nud', 'permanent');
    using client = new NetlinkClient();
    expect(list(client, rtm.RTM_GETLINK, struct.ifinfomsg).map(nameOf)).toContain('eth0');
    const values = (type: number, layout: StructLayout, attribute: number) =>
      list(client, type, layout).map((one) =>
        attributeOf(one, attribute, littleEndian, layout.size)?.join('.'),
      );
    expect(values(rtm.RTM_GETADDR, struct.ifaddrmsg, ifa.IFA_LOCAL)).toContain('192.0.2.1');
    expect(values(rtm.RTM_GETROUTE, struct.rtmsg, rta.RTA_GATEWAY)).toContain('192.0.2.9');
    expect(values(rtm.RTM_GETNEIGH, struct.ndmsg, nda.NDA_DST)).toContain('192.0.2.77');
  });

  test('a client lists links that do not fit into its buffer', () => {
    for (let at = 0; at < 40; at += 1) {
      ip('link', 'add', `d${at}`, 'type', 'bridge');
    }
    using client = new NetlinkClient({ bufferBytes: 512 });
    const names = list(client, rtm.RTM_GETLINK, struct.ifinfomsg).map(nameOf);
    expect(names.filter((name) => /^d\d+$/.test(name))).toHaveLength(40);
  });

  test('a client reads one link, changes it, and throws where the kernel refuses', () => {
    cable('eth0');
    using client = new NetlinkClient();
    const { encoder } = client;
    const link = (name: string, values: Partial<Record<keyof typeof struct.ifinfomsg.fields, number>> = {}) =>
      encoder.join(encoder.struct(struct.ifinfomsg, values), encoder.attribute(ifla.IFLA_IFNAME, name));
    const get = () => {
      const payload = client.get({ type: rtm.RTM_GETLINK, name: 'RTM_GETLINK', payload: link('eth0') });
      return decodeStruct(struct.ifinfomsg, payload, littleEndian).ifi_flags & linux.iff.IFF_UP;
    };
    expect(get()).toBe(linux.iff.IFF_UP);
    const down = { ifi_flags: 0, ifi_change: linux.iff.IFF_UP };
    client.set({ type: rtm.RTM_SETLINK, name: 'RTM_SETLINK', payload: link('eth0', down) });
    expect(get()).toBe(0);
    const unknown = { type: rtm.RTM_GETLINK, name: 'RTM_GETLINK', subject: 'eth9', payload: link('eth9') };
    expect(() => client.get(unknown)).toThrow('eth9: no such device (RTM_GETLINK: ENODEV)');
  });

  test('a client finds a family of generic netlink, and a socket joins its group', () => {
    using client = new NetlinkClient({ protocol: socket.NETLINK_GENERIC });
    const control = resolveFamily(client, 'nlctrl');
    expect(control).toMatchObject({ id: genl.GENL_ID_CTRL, headerBytes: 0 });
    expect(resolveFamily(client, 'no-such-family')).toBeNull();
    expect(resolveFamily(client, 'a-name-that-is-too-long-for-a-family')).toBeNull();
    using netlink = openNetlinkSocket({ protocol: socket.NETLINK_GENERIC });
    expect(netlink.join(control?.groups.get('notify') ?? -1)).toBe(0);
    expect(netlink.join(0x7fff_ffff)).toBeLessThan(0);
  });
});

const ignoring: SessionSink = {
  seen: () => undefined,
  message: () => undefined,
  dumpEnd: () => undefined,
  dumpRefused: () => undefined,
  dumpBusy: () => undefined,
  answer: () => undefined,
  lost: () => undefined,
  bad: () => undefined,
};

/** The names in notifications, and what else a session found, until there is nothing more. */
function hear(netlink: ReturnType<typeof openNetlinkSocket>, session: NetlinkSession): string[] {
  const heard: string[] = [];
  for (let received = netlink.receive(); received.type !== 'nothing'; received = netlink.receive()) {
    if (received.type !== 'bytes') {
      heard.push(received.type);
      session.missed();
      continue;
    }
    session.decode(received.bytes, received.length, {
      seen: () => undefined,
      message: (message, listed) =>
        heard.push(`${listed ? 'listed' : 'event'} ${nameOf(payloadOf(message))}`),
      dumpEnd: (interrupted) => heard.push(`end ${interrupted}`),
      dumpRefused: (errno) => heard.push(`refused ${errno}`),
      dumpBusy: () => heard.push('busy'),
      answer: (tag, errno) => heard.push(`answer ${tag} ${errno}`),
      lost: () => heard.push('lost'),
      bad: (error) => heard.push(error.message),
    });
  }
  return heard;
}

describe('a socket in the group of links', () => {
  test('a socket in the group of links receives a new link, unless its filter drops it', () => {
    using netlink = openNetlinkSocket({ groups: [rtnlgrp.RTNLGRP_LINK] });
    const session = new NetlinkSession(littleEndian);
    ip('link', 'add', 'd0', 'type', 'bridge');
    expect(hear(netlink, session)).toEqual(['event d0']);
    expect(netlink.filter.attach([{ code: bpf.BPF_RET | bpf.BPF_K, jt: 0, jf: 0, k: 0 }])).toBe(0);
    ip('link', 'add', 'd1', 'type', 'bridge');
    expect(hear(netlink, session)).toEqual([]);
    netlink.filter.detach();
    ip('link', 'add', 'd2', 'type', 'bridge');
    expect(hear(netlink, session)).toEqual(['event d2']);
  });

  test('a socket that has overrun reports it once, and a dump lists the rest', () => {
    using netlink = openNetlinkSocket({ groups: [rtnlgrp.RTNLGRP_LINK], receiveBufferBytes: 1 });
    const session = new NetlinkSession(littleEndian);
    const client = new NetlinkClient();
    const request = (sequence: number) =>
      client.encoder.message(
        { type: rtm.RTM_GETLINK, flags: linux.nlmsg.NLM_F_REQUEST | linux.nlmsg.NLM_F_DUMP, sequence },
        client.encoder.struct(struct.ifinfomsg, {}),
      );
    netlink.send(request(session.expectDump()));
    expect(hear(netlink, session).at(-1)).toBe('end false');
    expect(session.stale).toBe(false);
    for (let at = 0; at < 20; at += 1) {
      ip('link', 'add', `d${at}`, 'type', 'bridge');
    }
    expect(hear(netlink, session).filter((one) => one === 'overrun')).toHaveLength(1);
    expect(session.stale).toBe(true);
    netlink.send(request(session.expectDump()));
    const listed = hear(netlink, session);
    expect(listed).toContain('listed d19');
    expect(session.stale).toBe(false);
    client.close();
  });
});

test('a socket in the groups of addresses, routes and neighbours receives each change, and lists one kind after another', () => {
  cable('eth0');
  const { RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_NEIGH } = rtnlgrp;
  using netlink = openNetlinkSocket({ groups: [RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_NEIGH] });
  const session = new NetlinkSession(littleEndian);
  const encoder = new Encoder(littleEndian);
  const types = { events: new Set<number>(), listed: new Set<number>() };
  const read = () => {
    for (let received = netlink.receive(); received.type === 'bytes'; received = netlink.receive()) {
      session.decode(received.bytes, received.length, {
        ...ignoring,
        message: ({ type }, listed) => types[listed ? 'listed' : 'events'].add(type),
      });
    }
  };
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
  ip('route', 'add', '198.51.100.0/24', 'via', '192.0.2.9', 'dev', 'eth0');
  ip('neigh', 'add', '192.0.2.77', 'lladdr', '02:00:00:00:00:01', 'dev', 'eth0', 'nud', 'permanent');
  read();
  expect([...types.events].sort()).toEqual([rtm.RTM_NEWADDR, rtm.RTM_NEWROUTE, rtm.RTM_NEWNEIGH]);
  const kinds = [
    [rtm.RTM_GETADDR, struct.ifaddrmsg],
    [rtm.RTM_GETROUTE, struct.rtmsg],
    [rtm.RTM_GETNEIGH, struct.ndmsg],
  ] as const;
  for (const [type, layout] of kinds) {
    const flags = linux.nlmsg.NLM_F_REQUEST | linux.nlmsg.NLM_F_DUMP;
    netlink.send(
      encoder.message({ type, flags, sequence: session.expectDump() }, encoder.struct(layout, {})),
    );
    read();
    expect({ dumping: session.dumping, stale: session.stale }).toEqual({ dumping: false, stale: false });
  }
  expect([...types.listed].sort()).toEqual([...types.events].sort());
});
