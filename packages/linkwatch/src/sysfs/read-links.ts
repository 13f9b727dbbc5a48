import { readdirSync, readFileSync } from 'node:fs';
import { decodeText } from '@ifdepd/libc';
import { linux, type OperState } from '@ifdepd/netlink';
import type { LinkRecord } from '../link.ts';

const NO_NAMES: readonly string[] = Object.freeze([]);
const SLASH = 0x2f;
const NEWLINE = 0x0a;

/**
 * Reads every link in /sys/class/net (Documentation/ABI/testing/sysfs-class-net). These are the links of the network namespace in
 * which the file system was mounted, which may not be that of this process.
 *
 * sysfs does not show alternative names, the kind and IFF_RUNNING. A link that is deleted during the read is left out.
 *
 * @throws {Error} as `readdirSync`, when there is no such directory
 */
export function readSysfsLinks(directory: string): LinkRecord[] {
  const root = Buffer.from(directory);
  const links: LinkRecord[] = [];
  for (const name of readdirSync(root, { encoding: 'buffer' })) {
    const link = readLink(Buffer.concat([root, Buffer.of(SLASH), name, Buffer.of(SLASH)]), name);
    if (link !== null) {
      links.push(link);
    }
  }
  return links;
}

function readLink(folder: Buffer, name: Uint8Array): LinkRecord | null {
  // Reads carrier before operstate, because that makes the kernel update a late operstate (carrier_show() in
  // net/core/net-sysfs.c, since 6.8).
  const carrier = number(folder, 'carrier');
  const index = number(folder, 'ifindex');
  const flags = number(folder, 'flags');
  if (index === null || flags === null) {
    return null;
  }
  const link = number(folder, 'iflink');
  return {
    index,
    name: decodeText(name, 0, name.byteLength),
    altNames: NO_NAMES,
    flags,
    adminUp: (flags & linux.iff.IFF_UP) !== 0,
    operstate: operstate(text(folder, 'operstate')),
    carrier: carrier === null ? null : carrier !== 0,
    running: null,
    dormant: number(folder, 'dormant') === 1,
    carrierUpCount: number(folder, 'carrier_up_count'),
    carrierDownCount: number(folder, 'carrier_down_count'),
    linkIndex: link === index ? null : link || null,
    masterIndex: number(folder, 'master/ifindex'),
    kind: null,
    protoDown: number(folder, 'proto_down') === 1,
    protoDownReasons: 0,
    type: number(folder, 'type') ?? 0,
    alias: text(folder, 'ifalias') || null,
  };
}

function operstate(word: string | null): OperState {
  return linux.operstates.find((known) => known === word) ?? 'unknown';
}

/** Reads a number, decimal or hexadecimal with 0x; null when the kernel gives none (`carrier` of an interface that is down). */
function number(folder: Buffer, file: string): number | null {
  const digits = text(folder, file);
  const value = digits === null || digits === '' ? Number.NaN : Number(digits);
  return Number.isInteger(value) ? value : null;
}

function text(folder: Buffer, file: string): string | null {
  try {
    const bytes = readFileSync(Buffer.concat([folder, Buffer.from(file)]));
    const length = bytes.at(-1) === NEWLINE ? bytes.byteLength - 1 : bytes.byteLength;
    return decodeText(bytes, 0, length);
  } catch {
    return null;
  }
}
