import { objectWith } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import type { Daemon } from '../daemon/daemon.ts';
import { refuseUnsupported } from '../diagnose/unsupported.ts';
import { type PrepareOptions, prepareDaemon } from './prepare-daemon.ts';
import { followChecks, followProbes, type Running } from './running.ts';

/** A daemon with its journal, locks, checks and hooks, but without signals and sockets. */
export interface OpenDaemon {
  readonly daemon: Daemon;
  /** Stops in order: destinations become what their `on-exit` says. */
  stop(): Promise<void>;
  /** Ends as a crash would: destinations stay as they are, and the journal has what was done to them. */
  abandon(): Promise<void>;
}

/**
 * Runs a whole daemon inside this process, over any kernel that a libc reaches.
 *
 * @throws {ExitError} where the system cannot do what the settings ask for, or another daemon holds a destination
 * @throws {SystemError} where the interfaces cannot be watched or read
 */
export async function openDaemon(settings: Settings, options: PrepareOptions): Promise<OpenDaemon> {
  objectWith('openDaemon: settings', settings, 'policy', 'destinations');
  objectWith('openDaemon: options', options, 'log');
  if (options.libc !== undefined) {
    refuseUnsupported(settings, options.libc, options.tables);
  }
  const prepared = await prepareDaemon(settings, options);
  let running: Running;
  try {
    running = await prepared.start();
    await followChecks(running);
    await followProbes(running);
  } catch (error) {
    await prepared.close();
    throw error;
  }
  return {
    daemon: running.daemon,
    async stop() {
      await prepared.stop('its owner');
      await prepared.close();
    },
    abandon: () => prepared.close(),
  };
}
