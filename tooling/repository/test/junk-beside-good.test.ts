import * as libc from '@ifdepd/libc';
import * as libcLinux from '@ifdepd/libc/linux';
import { scriptedLibc } from '@ifdepd/libc/testing';
import * as linkwatch from '@ifdepd/linkwatch';
import * as linkwatchLinux from '@ifdepd/linkwatch/linux';
import * as linkwatchTesting from '@ifdepd/linkwatch/testing';
import * as netifLinux from '@ifdepd/netif/linux';
import * as netlink from '@ifdepd/netlink';
import * as devices from '@ifdepd/netlink/devices';
import * as rtnetlink from '@ifdepd/netlink/rtnetlink';
import * as netlinkTesting from '@ifdepd/netlink/testing';
import * as policies from '@ifdepd/policy';
import * as policyTesting from '@ifdepd/policy/testing';
import * as probe from '@ifdepd/probe';
import { expect, test } from 'vitest';
import { isUnclear, JUNK } from './junk.ts';

type Callable = (...args: readonly unknown[]) => unknown;

const made = (Class: unknown, method?: string, ...args: readonly unknown[]): Callable => {
  if (method === undefined) {
    return (...given) => Reflect.construct(Class as never, given);
  }
  return (...given) => {
    const one = Reflect.construct(Class as never, args) as Readonly<Record<string, Callable>>;
    return Reflect.apply(one[method] as Callable, one, given);
  };
};

const config = { groups: { web: { require: 'db', destinations: ['shop'] } } };
const policy = policies.compile(config);
const { state } = policies.start(policy, 0);
const saved = policies.serialize(policy, state);
const source = { id: 'db', health: 'active', reason: '' };
const snapshot = {
  type: 'sources',
  complete: true,
  sources: [source],
  destinations: [{ id: 'shop', is: 'up' }],
};
const system = scriptedLibc({
  setsockopt: () => 0,
  bind: () => 0,
  connect: () => 0,
  sendto: (_fd, bytes) => bytes.byteLength,
  recvfrom: () => -11,
});
const bytes = new Uint8Array(64);
const message = { view: new DataView(bytes.buffer), bytes, littleEndian: true, payload: 16, end: 64 };
const sink = Object.fromEntries(
  ['seen', 'message', 'dumpEnd', 'dumpRefused', 'dumpBusy', 'answer', 'lost', 'bad'].map((name) => [
    name,
    () => {},
  ]),
);
const layout = netlink.linux.struct.ifinfomsg;
const client = new netlink.NetlinkClient({ libc: system });
const link = linkwatchTesting.linkRecord({ index: 2, name: 'em0' });
const ping = { kind: 'ping', host: '192.0.2.1' };
const vrrp = { kind: 'vrrp', interface: 'em0', vrid: 51 };

/** Walks over what it is given. */
function entered(...args: Parameters<netlink.AttributeWalk['enter']>): void {
  const walk = new netlink.AttributeWalk();
  walk.enter(...args);
  walk.next();
  new netlink.AttributeWalk().enterValue(walk);
}

/** One entry for each option of a function, beside good ones. */
function options(name: string, call: unknown, good: Readonly<Record<string, unknown>>) {
  const entries = Object.keys(good).map((key) => [
    `${name}, ${key}`,
    [(value: unknown) => (call as Callable)({ ...good, [key]: value }), good[key]],
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, readonly [unknown, ...unknown[]]>>;
}

/** Every function and method of several parameters, and what they take. */
const GOOD: Readonly<Record<string, readonly [call: unknown, ...args: readonly unknown[]]>> = {
  OwnedFd: [made(libc.OwnedFd), system, 900],
  SystemError: [made(libc.SystemError), system.target, 19, 'ioctl', 'em0'],
  callable: [libc.callable, 'what', () => {}],
  list: [libc.list, 'what', []],
  must: [libc.must, system, 0, 'ioctl', 'em0'],
  objectWith: [libc.objectWith, 'what', { a: 1 }, 'a'],
  oneOf: [libc.oneOf, 'what', 'a', ['a']],
  openSocket: [libc.openSocket, system, 2, 2, 0, 'socket'],
  text: [libc.text, 'what', 'a'],
  wholeNumber: [libc.wholeNumber, 'what', 1, { least: 0, most: 2 }],
  decodeText: [libc.decodeText, bytes, 0, 4],
  onClockStep: [libcLinux.onClockStep, system, () => {}],
  openRing: [libcLinux.openRing, system, 8],
  'AttributeWalk.enter': [made(netlink.AttributeWalk, 'enter'), message, 16, 64],
  'AttributeWalk.enterValue': [made(netlink.AttributeWalk, 'enterValue'), new netlink.AttributeWalk()],
  'AttributeWalk.enter, next': [entered, message, 16, 64],
  DecodeError: [made(netlink.DecodeError), 'short', 4],
  'Encoder.message': [made(netlink.Encoder, 'message', true), { type: 1, flags: 0, sequence: 1 }, bytes],
  'Encoder.attribute': [made(netlink.Encoder, 'attribute', true), 1, bytes],
  'Encoder.nested': [made(netlink.Encoder, 'nested', true), 1, bytes],
  'Encoder.struct': [made(netlink.Encoder, 'struct', true), layout, {}],
  'Encoder.number': [made(netlink.Encoder, 'number', true), 1],
  'Encoder.join': [made(netlink.Encoder, 'join', true), bytes, bytes],
  'Encoder.datagram': [made(netlink.Encoder, 'datagram', true), bytes, bytes],
  'MessageWalk.enter': [made(netlink.MessageWalk, 'enter', true), bytes, 64],
  'MessageWalk.next': [made(netlink.MessageWalk, 'next', true)],
  NetlinkClient: [made(netlink.NetlinkClient), { libc: system }],
  'NetlinkClient.get': [client.get.bind(client), { type: 1, payload: bytes, name: 'RTM_GETLINK' }],
  'NetlinkClient.set': [client.set.bind(client), { type: 1, payload: bytes, name: 'RTM_SETLINK' }],
  'NetlinkClient.dump': [
    client.dump.bind(client),
    { type: 1, payload: bytes, name: 'RTM_GETLINK' },
    () => {},
    () => {},
  ],
  'NetlinkSession.expectDump': [made(netlink.NetlinkSession, 'expectDump', true), 7],
  'NetlinkSession.decode': [made(netlink.NetlinkSession, 'decode', true), bytes, 64, sink],
  NetlinkSocket: [made(netlink.NetlinkSocket), system, new libc.OwnedFd(system, 901), 'socket', 4096],
  SocketFilter: [made(netlink.SocketFilter), system, 900],
  'SocketFilter.attach': [made(netlink.SocketFilter, 'attach', system, 900), []],
  'Span.set': [made(netlink.Span, 'set'), new netlink.AttributeWalk()],
  'Span.setText': [made(netlink.Span, 'setText'), new netlink.AttributeWalk(), bytes],
  'Span.is': [made(netlink.Span, 'is'), bytes, 'em0'],
  'Span.text': [made(netlink.Span, 'text'), bytes],
  attributeOf: [netlink.attributeOf, bytes, 1, true, 16],
  attributesByType: [netlink.attributesByType, bytes, true, 16],
  attributesIn: [
    (...args: Parameters<typeof netlink.attributesIn>) => [...netlink.attributesIn(...args)],
    bytes,
    true,
    16,
  ],
  decodeFamily: [netlink.decodeFamily, bytes, true],
  decodeStruct: [netlink.decodeStruct, layout, bytes, true, 0],
  encodeStruct: [netlink.encodeStruct, layout, {}, true],
  genericPayload: [netlink.genericPayload, new netlink.Encoder(true), { command: 1, version: 1 }, bytes],
  loaded16: [netlink.loaded16, 7, true],
  loaded32: [netlink.loaded32, 7, true],
  numberIn: [netlink.numberIn, bytes, true],
  resolveFamily: [netlink.resolveFamily, client, 'ethtool'],
  lostAddresses: [rtnetlink.lostAddresses, [], undefined, 0, true],
  routeTo: [rtnetlink.routeTo, client, bytes.subarray(0, 4)],
  listRoutes: [rtnetlink.listRoutes, client, () => true],
  decodeBondPort: [devices.decodeBondPort, bytes, 'em0'],
  listBondPorts: [devices.listBondPorts, client, 'bond0'],
  listWireguardPeers: [devices.listWireguardPeers, client, 30, 'wg0', 0],
  readDeviceLink: [devices.readDeviceLink, client, 'em0'],
  readLinkModes: [devices.readLinkModes, client, 30, 'em0', null],
  'testing refusal': [netlinkTesting.refusal, 1, 19],
  'testing runFilter': [netlinkTesting.runFilter, [], bytes],
  downRequests: [netifLinux.downRequests, system.target, [{ index: 2, action: 'admin' }]],
  upRequests: [netifLinux.upRequests, system.target, ['em0']],
  openCarrierCounter: [netifLinux.openCarrierCounter, 'em0', { libc: system }],
  sameLink: [linkwatch.sameLink, link, link],
  dependentsOf: [linkwatchLinux.dependentsOf, linkwatchLinux.topologyOf([link]), [{ link, action: 'admin' }]],
  topologyOf: [linkwatchLinux.topologyOf, [link], new Map()],
  'testing attribute': [linkwatchTesting.attribute, 1, bytes],
  'testing message': [linkwatchTesting.message, 16, bytes],
  'testing newLink': [linkwatchTesting.newLink, link, {}],
  describe: [policies.describe, policy, state],
  explain: [policies.explain, policy, state, {}],
  recompile: [policies.recompile, policy, state, policy, 0],
  restart: [policies.restart, policy, saved, snapshot, 0],
  restore: [policies.restore, policy, saved, 0],
  run: [policies.run, policy, { apply: () => {} }],
  serialize: [policies.serialize, policy, state],
  simulate: [policies.simulate, policy, [{ at: 0, event: snapshot }], {}],
  stands: [policies.stands, policy, state, { type: 'set', destination: 'shop', to: 'up' }],
  start: [policies.start, policy, 0],
  step: [policies.step, policy, state, snapshot, 0],
  drive: [policyTesting.drive, policy, 0],
  naiveModel: [policyTesting.naiveModel, config, 0],
  AdvertJudge: [made(probe.AdvertJudge), vrrp, 0],
  'AdvertJudge.reason': [made(probe.AdvertJudge, 'reason', vrrp, 0), 0],
  Rounds: [made(probe.Rounds), { everyMs: 1000, timeoutMs: 1000 }, 0],
  listenForAdverts: [probe.listenForAdverts, vrrp, () => {}, system],
  ...options('openProbes', probe.openProbes, { libc: system, random: Math.random }),
  ...options('NetlinkClient', made(netlink.NetlinkClient), {
    libc: system,
    protocol: 0,
    subject: 'client',
    bufferBytes: 4096,
  }),
  ...options('openNetlinkSocket', netlink.openNetlinkSocket, {
    libc: system,
    protocol: 0,
    subject: 'socket',
    groups: [1],
    receiveBufferBytes: 4096,
    bufferBytes: 4096,
    wishes: [1],
    program: [],
    blocks: false,
  }),
  ...options('watchLinks', linkwatch.watchLinks, {
    backend: linkwatchTesting.scriptedBackend(),
    signal: new AbortController().signal,
    interest: ['em0'],
    waitForList: true,
    queueLimit: 1,
    loop: undefined,
  }),
  probeFault: [probe.probeFault, ping, 'linux'],
};

test.each(Object.entries(GOOD))(
  '%s: one wrong argument beside good ones gives no error of the engine',
  async (name, [call, ...good]) => {
    const unclear: string[] = [];
    for (const position of good.keys()) {
      for (const junk of JUNK) {
        try {
          const result = (await (call as Callable)(...good.with(position, junk))) as
            | Partial<Disposable>
            | undefined;
          result?.[Symbol.dispose]?.();
        } catch (error) {
          if (isUnclear(error)) {
            unclear.push(`${name}, argument ${position + 1} = ${String(junk)}: ${error}`);
          }
        }
      }
    }
    expect(unclear).toEqual([]);
  },
);

test('every exported function with more than one parameter is among them', () => {
  const rooms = [
    libc,
    libcLinux,
    linkwatch,
    linkwatchLinux,
    netifLinux,
    netlink,
    devices,
    rtnetlink,
    policies,
    probe,
  ];
  const missing = rooms.flatMap((room) =>
    Object.entries(room).flatMap(([name, one]) =>
      typeof one === 'function' && one.length > 1 && !(name in GOOD) ? [name] : [],
    ),
  );
  expect(missing).toEqual([]);
});
