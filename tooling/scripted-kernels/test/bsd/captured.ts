import { readFileSync } from 'node:fs';
import type { BsdLayout } from '../../src/bsd/layout.ts';

export interface Captured {
  readonly kind: string;
  readonly cause: string;
  readonly hex: string;
}

export function capturesOf(file: string): Captured[] {
  return JSON.parse(
    readFileSync(new URL(`./fixtures/captures/${file}.json`, import.meta.url), 'utf8'),
  ) as Captured[];
}

export function bytesOf({ hex }: Captured): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** The facts of an interface in a routing message, as a line; `route` for a message about routes, null for any other. */
export function describeMessage(layout: BsdLayout, bytes: Uint8Array): string | null {
  if (bytes.byteLength === 0) {
    return null;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint8(3);
  const { if_msghdr: info, if_announcemsghdr: announce, rtm } = layout;
  if (type === rtm.RTM_IFINFO) {
    const flags = view.getUint32(info.flags, true).toString(16);
    const link = info.ifi_link_state === null ? '' : ` link ${view.getUint8(info.ifi_link_state)}`;
    return `${view.getUint16(info.index, true)}: ${flags}${link}`;
  }
  if (type === rtm.RTM_IFANNOUNCE && announce !== null) {
    const name = Buffer.from(bytes.subarray(announce.ifan_name, announce.ifan_name + 16)).toString();
    const what = view.getUint16(announce.ifan_what, true) === 0 ? 'arrival' : 'departure';
    return `${view.getUint16(announce.ifan_index, true)}: ${what} of ${name.replace(/\0.*$/s, '')}`;
  }
  if (type === rtm.RTM_NEWADDR || type === rtm.RTM_DELADDR) {
    const what = type === rtm.RTM_NEWADDR ? 'new' : 'deleted';
    return `${view.getUint16(layout.ifa_msghdr.index, true)}: ${what} address`;
  }
  if (type === rtm.RTM_NEWMADDR) {
    return `${view.getUint16(layout.ifa_msghdr.index, true)}: new multicast address`;
  }
  const [RTM_ADD, RTM_DELETE] = [1, 2];
  return type === RTM_ADD || type === RTM_DELETE ? 'route' : null;
}

/** Without what repeats the line before it: drivers say some things twice. */
export function withoutRepetitions(lines: readonly string[]): string[] {
  return lines.filter((line, position) => line !== lines[position - 1]);
}
