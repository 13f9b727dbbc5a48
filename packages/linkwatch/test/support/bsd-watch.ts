import type { Libc } from '@ifdepd/libc';
import { type ScriptedBsd, scriptedBsd } from '@ifdepd/scripted-kernels';
import { onTestFinished } from 'vitest';
import { netbsd7 } from '../../src/abi/index.ts';
import { type LinkEvent, type LinkWatch, watchLinks } from '../../src/index.ts';
import { stillClock } from './still-clock.ts';

export type System = Parameters<typeof scriptedBsd>[0];

export interface BsdWatch {
  readonly kernel: ScriptedBsd;
  readonly watch: LinkWatch;
  /** The events since the last call, without the snapshot at the start. */
  reported(): readonly LinkEvent[];
}

export interface BsdWatchOptions {
  /** Before anybody watches. */
  readonly before?: (kernel: ScriptedBsd) => void;
  /** Calls that answer otherwise. */
  readonly calls?: (libc: Libc) => Partial<Libc>;
  readonly receiveBufferBytes?: number;
  readonly resyncIntervalMs?: number;
}

/** A watch over a scripted kernel with one card, em0, that is up with a carrier. */
export function watchBsd(system: System, options: BsdWatchOptions = {}): BsdWatch {
  const { before, calls, receiveBufferBytes = 64 * 1024, resyncIntervalMs = 60_000 } = options;
  const kernel = scriptedBsd(system);
  kernel.attach('em0');
  kernel.setAdmin('em0', 'up');
  before?.(kernel);
  const libc = { ...kernel.libc, ...calls?.(kernel.libc) };
  const numbers = { libc, receiveBufferBytes, resyncIntervalMs, loop: stillClock };
  // The table of NetBSD is that of its present versions.
  const watch = watchLinks(system === 'netbsd7' ? { ...numbers, abi: netbsd7 } : numbers);
  onTestFinished(() => watch.close());
  const events: LinkEvent[] = [];
  watch.subscribe((event) => events.push(event));
  events.shift();
  return {
    kernel,
    watch,
    reported() {
      kernel.turn();
      return events.splice(0);
    },
  };
}
