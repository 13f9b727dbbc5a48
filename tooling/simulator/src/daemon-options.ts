import { type Libc, loadLibc } from '@ifdepd/libc';
import { parseSettings } from '../../../apps/ifdepd/src/config/parse-settings.ts';
import type { Settings } from '../../../apps/ifdepd/src/config/settings.ts';
import type { LogEntry } from '../../../apps/ifdepd/src/log/index.ts';
import type { PrepareOptions } from '../../../apps/ifdepd/src/service/prepare-daemon.ts';
import type { Disk } from './disk.ts';
import { CALLS } from './faulty-libc.ts';
import { CONFIGS } from './host.ts';
import type { Mortal } from './mortal.ts';

const FILE = '/etc/ifdepd.conf';

/** What each of {@link CONFIGS} says. */
const SETTINGS: readonly Settings[] = CONFIGS.map((text) => parseSettings(text, FILE));

/** What the configuration with this number in {@link CONFIGS} says. @throws {ConfigError} where there is none */
export function settingsOf(config: number): Settings {
  return SETTINGS[config] ?? parseSettings('', FILE);
}

/** What a daemon runs on. */
export interface DaemonHost {
  readonly libc: Libc;
  readonly loop: NonNullable<PrepareOptions['loop']>;
  readonly disk: Disk;
  /** The directory of its files. */
  readonly root: string;
  /** What is in the file of its configuration at a reload. */
  readonly settings: () => Settings;
  readonly write: (entry: LogEntry) => void;
}

/** The options of a daemon on a simulated host, in a process that may end between any two of its calls. */
export function daemonOptions(
  process: Mortal,
  { libc, loop, disk, root, settings, write }: DaemonHost,
): PrepareOptions {
  return {
    libc: process.libc(libc, CALLS),
    host: { ...loadLibc(), flock: (fd) => disk.lock(fd) },
    loop,
    directories: { runtime: `${root}/run`, state: `${root}/state` },
    log: {
      write: (entry) => {
        if (!process.isDead) {
          write(entry);
        }
      },
      close: () => Promise.resolve(),
    },
    load: () => Promise.resolve(settings()),
  };
}
