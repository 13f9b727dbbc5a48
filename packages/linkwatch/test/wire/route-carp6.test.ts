import { describe, expect, test } from 'vitest';
import { freebsd } from '../../src/abi/freebsd.ts';
import { health } from '../../src/index.ts';
import type { LinkRecord } from '../../src/link.ts';
import { RouteDecoder } from '../../src/wire/route-messages.ts';
import { decodeAll } from '../support/recorder.ts';
import { emptyInfo, listed } from '../support/route-bytes.ts';
import { bytesOf, captureFiles } from '../support/route-captures.ts';

const captures =
  captureFiles.find(({ name }) => name === 'freebsd-13.0-carp6-amd64.json')?.captures ?? expect.unreachable();

const INFO = freebsd.rtm.RTM_IFINFO;

/** The RTM_IFINFO messages that a cause had, as records of an interface with the name `em0`. */
function linksAfter(cause: RegExp): LinkRecord[] {
  return captures
    .filter((capture) => cause.test(capture.cause) && capture.kind === 'rtsock')
    .map(bytesOf)
    .filter((bytes) => bytes[freebsd.rt_msghdr.rtm_type] === INFO)
    .flatMap((bytes) => {
      const list = listed(freebsd, bytes, 'em0');
      return new RouteDecoder(freebsd).list(list, list.byteLength);
    });
}

const lastHealth = (cause: RegExp) => health(linksAfter(cause).at(-1)).reason;

describe('an interface that is up, does not run and has an unknown link has failed', () => {
  test.each([
    [/^vlan1 without a parent: up$/, 'not running'],
    [/^gif0 without a tunnel: up$/, 'not running'],
    [/^vxlan0 unconfigured: up$/, 'not running'],
    [/^lagg0 without ports: up$/, 'up'],
    [/^bridge0 without members: up$/, 'up'],
    [/^epair0a up$/, 'up'],
    [/^lagg0: em2 cut too$/, 'no carrier'],
    [/^lagg0: em1 back$/, 'up'],
    [/^bridge0: em3 cut: link DOWN$/, 'no carrier'],
    [/^bridge0: em3 back$/, 'up'],
    [/^epair0b down$/, 'admin down'],
    [/^nic0 with vhids detached$/, 'admin down'],
  ] as const)('%s: %s', (cause, reason) => {
    expect(lastHealth(cause)).toBe(reason);
  });

  test('a vlan whose parent was destroyed is in the list after the departure, without a message', () => {
    const destroyed = captures.filter(({ cause }) => cause.startsWith('em0 (parent of vlan1) destroyed'));
    const messages = destroyed.filter(({ kind }) => kind === 'rtsock').map(bytesOf);
    const decoder = new RouteDecoder(freebsd);
    decodeAll(decoder, ...messages);
    expect(decoder.takeHint()).toBe(true);
    const list =
      captures.find(({ cause }) => cause === 'vlan1 whose parent was destroyed') ?? expect.unreachable();
    const bytes = bytesOf(list);
    const links = decoder.list(bytes, bytes.byteLength);
    expect(health(links.find(({ name }) => name === 'vlan1')).reason).toBe('not running');
  });
});

test('the record of an interface set down has no IFF_RUNNING although the message has', () => {
  const [link] = linksAfter(/^epair0b down$/);
  expect(link).toMatchObject({ adminUp: false, running: false, operstate: 'up', flags: 0x8802 });
});

describe('an address in another routing table', () => {
  const decoder = new RouteDecoder(freebsd);
  const list = listed(freebsd, emptyInfo(freebsd, 10), 'em9');
  decoder.list(list, list.byteLength);
  const messages = captures.filter(({ cause }) => cause.startsWith('em9 in fib 1')).map(bytesOf);

  test('an address in another routing table is reported by its multicast address, which needs a new list', () => {
    expect(messages.length).toBe(1);
    expect(decodeAll(decoder, ...messages)).toEqual([{ is: 'touched', index: 10 }]);
    expect(decoder.takeHint()).toBe(true);
  });
});

describe('a vhid with IPv6 addresses alone', () => {
  test.each(['vhid 6, IPv6 only: BACKUP -> MASTER', 'vhid 6, IPv6 only: BACKUP -> MASTER (second time)'])(
    '%s: no message is about a link',
    (cause) => {
      const decoder = new RouteDecoder(freebsd);
      const messages = captures.filter((capture) => capture.cause === cause).map(bytesOf);
      expect(messages.length).toBeGreaterThan(0);
      expect(decodeAll(decoder, ...messages)).toEqual([]);
      expect(decoder.takeHint()).toBe(false);
    },
  );

  test('no message reports that a vhid with IPv6 addresses alone ceases to be master', () => {
    const silent = captures.filter(({ kind }) => kind === 'none').map(({ cause }) => cause);
    expect(silent).toEqual([
      'vhid 6, IPv6 only: MASTER -> BACKUP',
      'vhid 6: MASTER -> INIT by net.inet.carp.allow=0',
      'vhid 6: INIT -> BACKUP by net.inet.carp.allow=1',
      'a second vhid made on a card that has one',
    ]);
  });
});
