import { describe, expect, test } from 'vitest';
import type { RouteAbi } from '../../src/abi/route-abi.ts';
import type { LinkRecord } from '../../src/link.ts';
import { RouteDecoder } from '../../src/wire/route-messages.ts';
import { decodeAll } from '../support/recorder.ts';
import { emptyInfo, listed } from '../support/route-bytes.ts';
import { bytesOf, captureFiles, type Decoded } from '../support/route-captures.ts';

/** The fields of a message, as the capturing program read it, in the terms of a record. */
function factsOf(
  { IFF_UP, IFF_DYING }: RouteAbi,
  { index, flags, linkState = 'UNKNOWN', ifType }: Decoded,
): Partial<LinkRecord> {
  return {
    index: index as number,
    // One end of an epair was still up as it was destroyed with the other.
    adminUp: (Number(flags) & (IFF_UP | IFF_DYING)) === IFF_UP,
    operstate: ({ UP: 'up', DOWN: 'down', UNKNOWN: 'unknown' } as const)[linkState],
    carrier: { UP: true, DOWN: false, UNKNOWN: null }[linkState],
    type: ifType as number,
  };
}

/** sdl_index wherever the bytes look like a sockaddr_dl with a name: sdl_family, sdl_index, sdl_type, sdl_nlen. */
function numbersIn(bytes: Uint8Array, AF_LINK: number): number[] {
  return [...bytes.keys()]
    .filter((at) => bytes[at + 1] === AF_LINK && (bytes[at + 5] ?? 0) > 0 && (bytes[at + 5] ?? 0) < 16)
    .map((at) => new DataView(bytes.buffer, at).getUint16(2, true));
}

describe.each(captureFiles)('$name', ({ abi, captures }) => {
  const messages = captures
    .filter(({ kind }) => kind === 'rtsock')
    .map((capture, at) => ({ title: `${at} ${capture.cause}`, bytes: bytesOf(capture), ...capture }));
  const ofType = (type: number | null) =>
    messages.filter(({ bytes }) => bytes[abi.rt_msghdr.rtm_type] === type);
  const { RTM_IFINFO, RTM_IFANNOUNCE, RTM_NEWADDR, RTM_DELADDR, RTM_NEWMADDR } = abi.rtm;

  test('each captured message has the version of the table', () => {
    expect(new Set(messages.map(({ bytes }) => bytes[2]))).toEqual(new Set([abi.rtm.RTM_VERSION]));
    expect(ofType(RTM_IFINFO).every(({ decoded }) => (decoded?.type ?? 'RTM_IFINFO') === 'RTM_IFINFO')).toBe(
      true,
    );
  });

  test.each(ofType(RTM_IFINFO))('RTM_IFINFO $title', ({ bytes, decoded }) => {
    const decoder = new RouteDecoder(abi);
    const list = listed(abi, bytes, 'em0');
    const [link] = decoder.list(list, list.byteLength);
    expect(link).toMatchObject({ name: 'em0', ...(decoded ? factsOf(abi, decoded) : {}) });
    expect(decodeAll(decoder, bytes)).toEqual([{ is: 'link', link, listed: false }]);
    expect(decoder.takeHint()).toBe(false);
  });

  test.each(ofType(RTM_IFANNOUNCE))('RTM_IFANNOUNCE $title', ({ bytes, decoded }) => {
    const { index = 0, name = '', what } = decoded as Decoded;
    const decoder = new RouteDecoder(abi);
    const list = listed(abi, emptyInfo(abi, index), name);
    decoder.list(list, list.byteLength);
    expect(decodeAll(decoder, bytes)).toEqual(what === 'DEPARTURE' ? [{ is: 'gone', index }] : []);
    expect(decoder.takeHint()).toBe(true);
  });

  const addresses = [RTM_NEWADDR, RTM_DELADDR, RTM_NEWMADDR].flatMap(ofType);

  test.each(addresses)('an address: $title', ({ bytes, decoded }) => {
    const decoder = new RouteDecoder(abi);
    expect(decoded?.type).toMatch(/^RTM_(NEW|DEL)M?ADDR$/);
    // The sockaddr_dl among its addresses has the number a second time: behind a mask of its own length.
    const [found] = decodeAll(decoder, bytes);
    expect(found?.is === 'touched' && numbersIn(bytes, abi.AF_LINK)).toContain(
      found?.is === 'touched' ? found.index : undefined,
    );
    expect(decoder.takeHint()).toBe(true);
  });

  test('all other captured messages have no facts of links', () => {
    const known = [RTM_IFINFO, RTM_IFANNOUNCE, RTM_NEWADDR, RTM_DELADDR, RTM_NEWMADDR];
    const others = messages.filter(({ bytes }) => !known.includes(bytes[3] as number));
    const decoder = new RouteDecoder(abi);
    expect(others.length).toBeGreaterThan(0);
    expect(decodeAll(decoder, ...others.map(({ bytes }) => bytes))).toEqual([]);
    expect(decoder.takeHint()).toBe(false);
  });
});
