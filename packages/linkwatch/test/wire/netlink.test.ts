import { DecodeError, linux } from '@ifdepd/netlink';
import { describe, expect, test } from 'vitest';
import {
  attribute,
  datagram,
  delLink,
  done,
  linkRecord,
  message,
  newLink,
  refusal,
} from '../../src/testing/index.ts';
import { RtnetlinkDecoder } from '../../src/wire/netlink.ts';
import { captured } from '../support/captured.ts';
import { decodeAll, type Found } from '../support/recorder.ts';

const AF_BRIDGE = 7;
const eth0 = linkRecord({ index: 3, name: 'eth0' });
const sw0 = linkRecord({ index: 2, name: 'sw0' });

function decode(...datagrams: readonly Uint8Array[]): Found[] {
  return decodeAll(new RtnetlinkDecoder(), ...datagrams);
}

function decodeStep(step: string): Found[] {
  return decode(...captured(step));
}

function expecting(sequence: number): RtnetlinkDecoder {
  const decoder = new RtnetlinkDecoder();
  decoder.expect(sequence);
  return decoder;
}

describe('captured messages of a real kernel', () => {
  test('a new veth pair has all facts', () => {
    const [, second, ...others] = decodeStep('veth pair');
    expect(others).toEqual([]);
    expect(second).toEqual({
      is: 'link',
      listed: false,
      link: {
        index: 3,
        name: 'eth0',
        altNames: [],
        flags: 0x1002,
        adminUp: false,
        operstate: 'down',
        carrier: false,
        running: false,
        dormant: false,
        carrierUpCount: 0,
        carrierDownCount: 1,
        linkIndex: 2,
        masterIndex: null,
        kind: 'veth',
        protoDown: false,
        protoDownReasons: 0,
        type: 1,
        alias: null,
      },
    });
  });

  test('loopback has no kind, no parent and an unknown operational state', () => {
    expect(decodeStep('loopback up')).toMatchObject([
      { link: { name: 'lo', type: 772, kind: null, linkIndex: null, operstate: 'unknown', carrier: true } },
    ]);
  });

  test('a carrier that goes and comes is decoded', () => {
    const facts = (step: string) =>
      decodeStep(step).flatMap((found) =>
        found.is === 'link' && found.link.name === 'eth0' ? [found.link] : [],
      );
    expect(facts('carrier lost')).toMatchObject([
      { adminUp: true, operstate: 'lowerlayerdown', carrier: false, running: false, carrierDownCount: 2 },
    ]);
    expect(facts('carrier back')).toMatchObject([
      { adminUp: true, operstate: 'up', carrier: true, running: true, carrierUpCount: 2 },
    ]);
  });

  test('alternative names are decoded in their order', () => {
    expect(decodeStep('altname added')).toMatchObject([
      { link: { name: 'eth0', altNames: ['wan', 'uplink-to-the-provider'] } },
    ]);
    expect(decodeStep('altname deleted')).toMatchObject([
      { link: { name: 'eth0', altNames: ['uplink-to-the-provider'] } },
    ]);
  });

  test('a new alternative name of an interface that is down causes no message', () => {
    expect(captured('altname while down')).toEqual([]);
    expect(decodeStep('up again')[0]).toMatchObject({
      link: { name: 'wan0', altNames: ['uplink-to-the-provider', 'never-told'] },
    });
  });

  test('an alias is decoded', () => {
    expect(decodeStep('alias')).toMatchObject([{ link: { alias: 'line-7' } }]);
  });

  test('a rename has the same index', () => {
    expect(decodeStep('rename')).toMatchObject([{ link: { index: 3, name: 'wan0' } }]);
  });

  test('a bridge and its port are decoded', () => {
    expect(decodeStep('bridge')).toMatchObject([
      { link: { index: 4, name: 'br0', kind: 'bridge' } },
      { link: { index: 4, name: 'br0', kind: 'bridge' } },
    ]);
    const port = decodeStep('port joins').filter((found) => found.is === 'link' && found.link.index === 3);
    expect(port).toMatchObject([{ link: { masterIndex: 4 } }, { link: { masterIndex: 4 } }]);
  });

  test('RTM_DELLINK of family AF_BRIDGE deletes no link', () => {
    const found = decodeStep('port leaves');
    expect(found.filter(({ is }) => is === 'gone')).toEqual([]);
    const port = found.filter((one) => one.is === 'link' && one.link.index === 3);
    expect(port.at(-1)).toMatchObject({ link: { masterIndex: null } });
  });

  test('protodown and its reasons are decoded', () => {
    expect(decodeStep('macvlan').at(-1)).toMatchObject({ link: { kind: 'macvlan', protoDown: false } });
    expect(decodeStep('protodown').at(-1)).toMatchObject({
      link: { name: 'mv0', protoDown: true, carrier: false, linkIndex: 3 },
    });
  });

  test('RTM_DELLINK deletes a link', () => {
    expect(decodeStep('pair deleted').filter(({ is }) => is === 'gone')).toEqual([
      { is: 'gone', index: 3 },
      { is: 'gone', index: 2 },
    ]);
  });

  test('a list has the same facts with and without statistics', () => {
    const list = decodeAll(expecting(7), ...captured('list'));
    expect(list.map((found) => found.is === 'link' && found.link.name)).toEqual([
      'lo',
      'sw0',
      'eth0',
      'br0',
      false,
    ]);
    expect(list.every((found) => found.is !== 'link' || found.listed)).toBe(true);
    expect(list.at(-1)).toEqual({ is: 'end', interrupted: false });
    expect(decodeAll(expecting(8), ...captured('list without statistics'))).toEqual(list);
  });

  test('the list of another program is ignored', () => {
    expect(decodeAll(expecting(9), ...captured('list'))).toEqual([]);
  });
});

describe('messages of rtnetlink', () => {
  test('built messages decode to their record', () => {
    const link = linkRecord({
      index: 9,
      name: 'wän0',
      altNames: ['one', 'another'],
      operstate: 'dormant',
      linkIndex: 4,
      masterIndex: 5,
      kind: 'vlan',
      protoDown: true,
      protoDownReasons: 2 ** 31 + 8,
      alias: 'to the north',
      carrierUpCount: 4_000_000_000,
    });
    expect(decode(newLink(link))).toEqual([{ is: 'link', link, listed: false }]);
  });

  test('several aligned messages in a datagram are decoded', () => {
    const odd = message(1000, {}, Uint8Array.of(1, 2, 3));
    expect(decode(datagram(newLink(eth0), odd, delLink(sw0)))).toMatchObject([
      { is: 'link' },
      { is: 'gone', index: 2 },
    ]);
  });

  test('a message of family AF_BRIDGE has no facts of the link', () => {
    const family = { family: AF_BRIDGE };
    expect(decode(newLink(eth0, family), delLink(eth0, family))).toEqual([]);
  });

  test('an event of the wireless extensions has no facts of the link', () => {
    const wireless = attribute(linux.ifla.IFLA_WIRELESS, new Uint8Array(16));
    expect(decode(newLink(eth0, { attributes: [wireless] }))).toEqual([]);
  });

  test('a parent in another network namespace is no linkIndex', () => {
    const elsewhere = attribute(linux.ifla.IFLA_LINK_NETNSID, new Uint8Array(4));
    const child = linkRecord({ index: 5, name: 'mv0', linkIndex: 3 });
    expect(decode(newLink(child), newLink(child, { attributes: [elsewhere] }))).toMatchObject([
      { link: { linkIndex: 3 } },
      { link: { linkIndex: null } },
    ]);
  });

  test('without IFLA_CARRIER, IFF_LOWER_UP gives the carrier while the link is up', () => {
    const facts = { index: 3, name: 'eth0', carrier: null } as const;
    const without = (adminUp: boolean, flags: number) =>
      decode(newLink({ ...linkRecord({ ...facts, adminUp }), flags }));
    expect(without(true, 0x11043)).toMatchObject([{ link: { carrier: true } }]);
    expect(without(true, 0x1003)).toMatchObject([{ link: { carrier: false } }]);
    expect(without(false, 0x1002)).toMatchObject([{ link: { carrier: null } }]);
  });

  test('an unknown operational state number is read as unknown', () => {
    const state = attribute(linux.ifla.IFLA_OPERSTATE, Uint8Array.of(99));
    expect(decode(newLink(eth0, { attributes: [state] }))).toMatchObject([
      { link: { operstate: 'unknown' } },
    ]);
  });

  test('a nested attribute may have NLA_F_NESTED', () => {
    const NLA_F_NESTED = 0x8000;
    const kind = attribute(linux.ifla.IFLA_INFO_KIND, new TextEncoder().encode('vxlan\0'));
    const info = attribute(linux.ifla.IFLA_LINKINFO | NLA_F_NESTED, kind);
    expect(decode(newLink(eth0, { attributes: [info] }))).toMatchObject([{ link: { kind: 'vxlan' } }]);
  });

  test('a notification with the sequence of our list is a notification', () => {
    expect(decodeAll(expecting(5), newLink(eth0, { sequence: 5 }))).toMatchObject([{ listed: false }]);
  });

  test('NLMSG_OVERRUN is a loss, and other types are skipped', () => {
    expect(decode(message(4, {}), message(1, {}), message(20, {}, new Uint8Array(8)))).toEqual([
      { is: 'lost' },
    ]);
  });
});

describe('the end of a list of links', () => {
  const part = { sequence: 5, multi: true };

  test.each([
    ['in a part', [newLink(eth0, { ...part, interrupted: true }), newLink(sw0, part), done(part)]],
    ['at the end', [newLink(eth0, part), newLink(sw0, part), done({ ...part, interrupted: true })]],
  ])('NLM_F_DUMP_INTR %s interrupts the list', (_, datagrams) => {
    expect(decodeAll(expecting(5), ...datagrams).at(-1)).toEqual({ is: 'end', interrupted: true });
  });

  test('an interruption counts for one list only', () => {
    const decoder = expecting(5);
    decodeAll(decoder, newLink(eth0, { ...part, interrupted: true }), done(part));
    decoder.expect(6);
    const next = { sequence: 6, multi: true };
    expect(decodeAll(decoder, newLink(eth0, next), done(next)).at(-1)).toEqual({
      is: 'end',
      interrupted: false,
    });
  });

  test('a list may be refused at once and half-way', () => {
    expect(decodeAll(expecting(5), refusal({ sequence: 5 }, 1))).toEqual([{ is: 'refused', errno: 1 }]);
    expect(decodeAll(expecting(5), newLink(eth0, part), done(part, 22)).at(-1)).toEqual({
      is: 'refused',
      errno: 22,
    });
  });

  test('an acknowledgement and the refusal of another request do not end the list', () => {
    expect(decodeAll(expecting(5), refusal({ sequence: 5 }, 0), refusal({ sequence: 4 }, 1))).toEqual([]);
  });

  test('EBUSY refers to another list, which has none of our parts', () => {
    const earlier = { sequence: 4, multi: true };
    expect(
      decodeAll(expecting(5), refusal({ sequence: 5 }, 16), newLink(eth0, earlier), done(earlier)),
    ).toEqual([{ is: 'busy' }, { is: 'end', interrupted: true }]);
    expect(decodeAll(expecting(5), newLink(eth0, earlier), done(earlier))).toEqual([]);
  });
});

describe('malformed bytes', () => {
  const good = newLink(eth0);

  /** The good message with another 32-bit number at an offset. */
  function broken(at: number, value: number): Uint8Array {
    const bytes = good.slice();
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  }

  test.each([
    ['a message longer than the datagram', broken(0, good.byteLength + 1)],
    ['a message of no length', broken(0, 0)],
    ['a message shorter than its header', broken(0, 15)],
    ['an ifinfomsg that is cut', message(linux.rtm.RTM_NEWLINK, {}, new Uint8Array(8))],
    ['an interface index of 0', broken(20, 0)],
    ['a negative interface index', broken(20, 0xffffffff)],
    ['an attribute longer than the message', broken(32, 0x0003_ffff)],
    ['an attribute of no length', broken(32, 0x0003_0000)],
    ['no name', broken(32, 0x0004_0009)],
    [
      'a number that is too short',
      newLink(eth0, { attributes: [attribute(linux.ifla.IFLA_MASTER, Uint8Array.of(1))] }),
    ],
    [
      'a state of no bytes',
      newLink(eth0, { attributes: [attribute(linux.ifla.IFLA_OPERSTATE, new Uint8Array())] }),
    ],
    [
      'an alternative name longer than its list',
      newLink(eth0, { attributes: [attribute(linux.ifla.IFLA_PROP_LIST, Uint8Array.of(200, 0, 53, 0))] }),
    ],
    ['an error without an errno', message(2, {}, new Uint8Array(2))],
  ])('%s', (_, bytes) => {
    const found = decode(bytes);
    expect(found).toMatchObject([{ is: 'bad' }]);
    expect(found[0]?.is === 'bad' && found[0].error).toBeInstanceOf(DecodeError);
  });

  test('a malformed message does not spoil the next one', () => {
    expect(decode(datagram(broken(20, 0), newLink(sw0)))).toMatchObject([
      { is: 'bad' },
      { is: 'link', link: { name: 'sw0' } },
    ]);
  });

  test('bytes of an earlier message behind the end are not read', () => {
    const buffer = new Uint8Array(4096);
    buffer.set(datagram(newLink(eth0), newLink(sw0)));
    const decoder = new RtnetlinkDecoder();
    const names: string[] = [];
    const never = () => expect.unreachable();
    decoder.decode(buffer, good.byteLength - 1, {
      wants: never,
      message: never,
      link: never,
      carrier: never,
      gone: never,
      touched: never,
      listEnd: never,
      listRefused: never,
      listBusy: never,
      lost: never,
      bad: (error) => names.push(error.name),
    });
    expect(names).toEqual(['DecodeError']);
  });
});
