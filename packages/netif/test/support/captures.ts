import { readdirSync, readFileSync } from 'node:fs';
import { abis, type NetIfAbi, netbsd8 } from '../../src/index.ts';

/** One captured ioctl. */
export interface Capture {
  readonly os: 'freebsd' | 'netbsd' | 'openbsd' | 'dragonfly' | 'darwin';
  readonly version: string;
  readonly kind: string;
  readonly cause: string;
  readonly request: string;
  readonly ret: number;
  readonly errno?: number | null;
  readonly before?: string;
  readonly state?: string;
  readonly hex: string;
}

const folder = new URL('../fixtures/captures/', import.meta.url);

/** Every capture of a kind in the folder, with what to call it. */
export function captures(kind: RegExp): [title: string, capture: Capture][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Capture[])
    .filter((capture) => kind.test(capture.kind))
    .map((capture, position) => [`${position} ${capture.os} ${capture.version}: ${capture.cause}`, capture]);
}

/** The table of the system and version that a capture is of. */
export function tableOf({ os, version }: Capture): NetIfAbi {
  return os === 'netbsd' && Number.parseInt(version, 10) < 9 ? netbsd8 : abis[os];
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
