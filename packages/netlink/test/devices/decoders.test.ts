import { expect, test } from 'vitest';
import {
  decodeBondPort,
  decodeDeviceLink,
  decodeLinkModes,
  decodeWireguardPeers,
} from '../../src/devices/index.ts';
import { DecodeError, Encoder, genericPayload, linux } from '../../src/index.ts';
import { capturedDevice } from '../support/device-captures.ts';

const { ethtool, ifla, iff, struct, wireguard, littleEndian } = linux;
const encoder = new Encoder(littleEndian);

test('bonds are read with their monitoring, and with their aggregator where they speak LACP', () => {
  expect(decodeDeviceLink(capturedDevice('backupBond'))).toMatchObject({
    index: 13,
    name: 'bond0',
    kind: 'bond',
    up: true,
    carrier: true,
    bond: { monitored: true, aggregator: null },
  });
  expect(decodeDeviceLink(capturedDevice('lacpBond')).bond).toEqual({ monitored: true, aggregator: 2 });
});

test.each([
  ['backupPort0', 13, { name: 'port0', linked: false, lacp: null }],
  ['backupPort1', 13, { name: 'port1', linked: true, lacp: null }],
  [
    'lacpPort0',
    15,
    { name: 'port0', linked: true, lacp: { aggregator: 2, distributing: true, silent: false } },
  ],
  [
    'lacpPort1',
    15,
    { name: 'port1', linked: true, lacp: { aggregator: 2, distributing: false, silent: true } },
  ],
] as const)('the port of a bond in %s is read, and is no port of another link', (name, index, port) => {
  expect(decodeBondPort(capturedDevice(name), index)).toEqual(port);
  expect(decodeBondPort(capturedDevice(name), index + 1)).toBeNull();
});

test('a link that is no bond, and the port of a bridge, are no ports of a bond', () => {
  expect(decodeDeviceLink(capturedDevice('backupPort0')).bond).toBeNull();
  expect(decodeBondPort(capturedDevice('backupBond'), 13)).toBeNull();
  const slave = encoder.nested(
    ifla.IFLA_LINKINFO,
    encoder.attribute(ifla.IFLA_INFO_SLAVE_KIND, 'bridge'),
    encoder.nested(ifla.IFLA_INFO_SLAVE_DATA),
  );
  const port = encoder.join(
    encoder.struct(struct.ifinfomsg, {}),
    encoder.attribute(ifla.IFLA_MASTER, 4),
    slave,
  );
  expect(decodeBondPort(port, 4)).toBeNull();
});

test('the flags and the errors of a link are read', () => {
  const counters = new Uint8Array(struct.rtnl_link_stats.size);
  new DataView(counters.buffer).setUint32(struct.rtnl_link_stats.fields.rx_errors[0], 4_294_967_295, true);
  const link = encoder.join(
    encoder.struct(struct.ifinfomsg, { ifi_index: 7, ifi_flags: iff.IFF_UP }),
    encoder.attribute(ifla.IFLA_IFNAME, 'eth0'),
    encoder.attribute(ifla.IFLA_STATS, counters),
  );
  expect(decodeDeviceLink(link)).toEqual({
    index: 7,
    name: 'eth0',
    kind: '',
    up: true,
    carrier: false,
    rxErrors: 4_294_967_295,
    bond: null,
  });
});

test.each([
  ['e1000Modes', { speedMbps: 1000, duplex: 'full' }],
  ['halfModes', { speedMbps: 1000, duplex: 'half' }],
] as const)('the speed and the duplex in %s are read', (name, modes) => {
  expect(decodeLinkModes(capturedDevice(name))).toEqual(modes);
});

test.each([0, -1, 0x8000_0000])('the speed %d of a driver is none', (speed) => {
  const payload = genericPayload(
    encoder,
    { command: 4, version: 1 },
    encoder.attribute(ethtool.ETHTOOL_A_LINKMODES_SPEED, speed | 0),
    encoder.attribute(ethtool.ETHTOOL_A_LINKMODES_DUPLEX, Uint8Array.of(0xff)),
  );
  expect(decodeLinkModes(payload)).toEqual({ speedMbps: null, duplex: null });
});

const long = (value: bigint) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, littleEndian);
  return bytes;
};

test('the peer of a WireGuard interface of a real kernel is read', () => {
  expect(decodeWireguardPeers(capturedDevice('wireguard'))).toEqual([
    {
      publicKey: 'RNZ77TWoctJM6e8ELZ9JHlToonOGrx55GpgCl/4Yt2A=',
      keepaliveSeconds: 5,
      handshakeAtMs: 1_796_029_056_010,
      rxBytes: 988,
      txBytes: 1964,
    },
  ]);
});

test('a peer of WireGuard is read; one that goes on in another message, and one before its first handshake, too', () => {
  const key = encoder.attribute(wireguard.WGPEER_A_PUBLIC_KEY, new Uint8Array(32).fill(1));
  const peers = encoder.nested(
    wireguard.WGDEVICE_A_PEERS,
    encoder.nested(
      0,
      key,
      encoder.attribute(wireguard.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, Uint8Array.of(25, 0)),
      encoder.attribute(
        wireguard.WGPEER_A_LAST_HANDSHAKE_TIME,
        encoder.join(long(1_800_000_000n), long(250_999_999n)),
      ),
      encoder.attribute(wireguard.WGPEER_A_RX_BYTES, long(5_000_000_000n)),
      encoder.attribute(wireguard.WGPEER_A_TX_BYTES, long(7n)),
    ),
    encoder.nested(0, key),
  );
  const found = decodeWireguardPeers(genericPayload(encoder, { command: 0, version: 1 }, peers));
  const publicKey = Buffer.alloc(32, 1).toString('base64');
  expect(found).toEqual([
    {
      publicKey,
      keepaliveSeconds: 25,
      handshakeAtMs: 1_800_000_000_250,
      rxBytes: 5_000_000_000,
      txBytes: 7,
    },
    { publicKey, keepaliveSeconds: 0, handshakeAtMs: null, rxBytes: 0, txBytes: 0 },
  ]);
});

test('answers that are cut throw nothing but a DecodeError', () => {
  const decoders = [
    ['lacpBond', decodeDeviceLink],
    ['lacpPort1', (bytes: Uint8Array) => decodeBondPort(bytes, 15)],
    ['halfModes', decodeLinkModes],
    ['wireguard', decodeWireguardPeers],
  ] as const;
  for (const [name, decode] of decoders) {
    const whole = capturedDevice(name);
    for (let length = 0; length < whole.byteLength; length += 1) {
      try {
        decode(whole.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }
  }
});
