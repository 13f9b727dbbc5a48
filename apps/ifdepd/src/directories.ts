import { mkdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hostTarget } from '@ifdepd/libc';

/** Sockets and locks: `RUNTIME_DIRECTORY`, which systemd sets, else /run/ifdepd (/var/run/ifdepd on the BSDs). */
export function runtimeDirectory(): string {
  return fromSystemd('RUNTIME_DIRECTORY') ?? join(hostTarget().runDirectory, 'ifdepd');
}

/** What outlives the process: `STATE_DIRECTORY`, which systemd sets, else /var/lib/ifdepd (/var/db/ifdepd). */
export function stateDirectory(): string {
  const { platform } = hostTarget();
  return fromSystemd('STATE_DIRECTORY') ?? (platform === 'linux' ? '/var/lib/ifdepd' : '/var/db/ifdepd');
}

/** The control socket, where none is named. */
export function defaultSocket(): string {
  return join(runtimeDirectory(), 'ifdepd.sock');
}

/** systemd separates several by ':'. */
function fromSystemd(variable: string): string | undefined {
  return process.env[variable]?.split(':')[0] || undefined;
}

/**
 * Makes a directory where it is not there; the one above it has to be.
 *
 * @throws Node's own error
 */
export function ensureDirectory(path: string, mode = 0o755): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw error;
    }
  }
}

/**
 * Removes a file that may be gone already. (Node's `rmSync` does so too, and loads what walks directories.)
 *
 * @throws Node's own error
 */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      throw error;
    }
  }
}

/** `ENOENT`; '' where an error has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
