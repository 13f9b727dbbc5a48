import type { DeviceLink } from '@ifdepd/netlink/devices';
import { showDuration } from '../../config/duration.ts';
import type { SensorOf } from '../../config/sensor-target.ts';
import { absence, failed, type Sensed } from './sensed.ts';

/** A reading of the counter. */
interface Sample {
  readonly at: number;
  readonly count: number;
}

/** A counter of 32 bits that went further than this was set back: its driver was loaded again. */
const FURTHEST = 2 ** 31;

/** A reading that is so many intervals late says nothing about the window: a machine that was suspended or starved. */
const LATE_INTERVALS = 2;

/**
 * Judges the errors of an interface by the difference of its counter over a sliding window. The verdict is unknown until the second
 * reading. A window that has not passed yet is judged by what is known of it.
 */
export function errorWindow({
  interface: name,
  atMost,
  perMs,
  everyMs,
}: Pick<SensorOf<'errors'>, 'interface' | 'atMost' | 'perMs' | 'everyMs'>) {
  let samples: readonly Sample[] = [];
  let index = -1;

  return (link: DeviceLink | null, now: number): Sensed => {
    const missing = absence(name, link);
    if (link === null || missing !== null) {
      samples = [];
      return missing ?? failed(`there is no interface ${name}`);
    }
    const last = samples.at(-1);
    const isLate = last !== undefined && now - last.at > LATE_INTERVALS * everyMs;
    const isBack = last !== undefined && since(last, link.rxErrors) > FURTHEST;
    if (link.index !== index || isLate || isBack) {
      samples = [];
      index = link.index;
    }
    // The newest reading from before the window is where it begins.
    const begin = samples.findLastIndex(({ at }) => at <= now - perMs);
    samples = [...samples.slice(Math.max(0, begin)), { at: now, count: link.rxErrors }];
    const [first] = samples;
    if (first === undefined || samples.length < 2) {
      return { health: 'unknown', reason: `the errors of ${name} were read once` };
    }
    const errors = since(first, link.rxErrors);
    const window = showDuration(perMs);
    return errors > atMost
      ? {
          ...failed(
            `${errors} ${errors === 1 ? 'error' : 'errors'} on ${name} within ${window}, at most ${atMost} ${atMost === 1 ? 'is' : 'are'} accepted`,
            { errors },
          ),
          key: 'too many',
        }
      : {
          health: 'active',
          reason: `at most ${atMost} ${atMost === 1 ? 'error' : 'errors'} on ${name} within ${window}`,
          detail: { errors },
        };
  };
}

function since({ count }: Sample, now: number): number {
  return (now - count) >>> 0;
}
