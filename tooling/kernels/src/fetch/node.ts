import { join } from 'node:path';
import { nodeVersions } from '@ifdepd/node-lines';
import type { Architecture } from '../known-kernels.ts';
import { npmPackage } from './npm-package.ts';

/** What npm and Node call the machines. */
export const npmWords: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' };

/** The versions of Node that a guest can have, by line: those that npm has for both machines. */
const versions: Readonly<Record<number, string>> = { 20: '20.20.2', ...nodeVersions };

/** The lines of Node that a guest can have. */
export const guestNodeLines: readonly number[] = Object.keys(versions).map(Number);

/**
 * The interpreter for a guest.
 *
 * @param line null for the one that runs this, or for line 20 where the guest is another machine
 * @returns its path
 */
export function guestNode(line: number | null, architecture: Architecture): string {
  const word = npmWords[architecture];
  if (line === null && word === process.arch) {
    return process.execPath;
  }
  return join(npmPackage(`node-linux-${word}`, versions[line ?? 20] ?? String(line)), 'bin/node');
}
