import { readdirSync, readFileSync } from 'node:fs';
import { netbsd7, routeAbis } from '../../src/abi/index.ts';
import type { RouteAbi } from '../../src/abi/route-abi.ts';

/** The fields of a message, as the capturing program read them with the headers of the system. */
export interface Decoded {
  readonly type: string;
  readonly index?: number;
  readonly name?: string;
  readonly what?: 'ARRIVAL' | 'DEPARTURE';
  readonly flags?: string;
  readonly linkState?: 'UNKNOWN' | 'DOWN' | 'UP';
  readonly ifType?: number;
}

export interface Capture {
  readonly os: keyof typeof routeAbis;
  readonly version: string;
  readonly kind: string;
  readonly cause: string;
  readonly seq?: number | null;
  readonly decoded?: Decoded | null;
  readonly mib?: readonly number[];
  readonly hex: string;
}

/** A file of captures, with the table of the system and version that it is of. */
export interface CaptureFile {
  readonly name: string;
  readonly abi: RouteAbi;
  readonly captures: readonly Capture[];
  readonly story: boolean;
}

const folder = new URL('../fixtures/route/', import.meta.url);

/**
 * Every file in the folder. `story`: the file has each interface from its arrival on, with causes in the words that
 * its README lists.
 */
export const captureFiles: readonly CaptureFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const captures = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Capture[];
    const [first] = captures;
    if (first === undefined) {
      throw new Error(`${name} is empty`);
    }
    const { os, version } = first;
    const old = os === 'netbsd' && Number.parseInt(version, 10) < 8;
    return { name, abi: old ? netbsd7 : routeAbis[os], captures, story: !name.includes('carp6') };
  });

export function bytesOf({ hex }: Capture): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
