import type { Libc } from '@ifdepd/libc';
import { type LinkEvent, type LinkWatch, watchLinks } from '@ifdepd/linkwatch';
import type { SourceReading } from '@ifdepd/policy';
import type { SensorTarget } from '../../config/sensor-target.ts';
import { realLoop, type Timer } from '../../system/loop.ts';
import { deviceSensor } from './device-sensor.ts';
import { kernelDevices } from './kernel-devices.ts';
import type { Sensed, Sensor, SensorDetail } from './sensed.ts';
import { followUnits } from './units.ts';

/** A probe that runs. */
interface Running {
  readonly key: string;
  /** Null: it is a unit, which is fed. */
  readonly sensor: Sensor | null;
  readonly unit: string | null;
  timer: Timer | undefined;
  /** What it was reported with; '' before. */
  fed: string;
  detail: SensorDetail | undefined;
}

/** Milliseconds between two readings of all units. */
const UNITS_MS = 10_000;

/**
 * Opens what reads devices and units. Nothing is read before `replace`, which answers for each new probe of a device before it returns.
 * A reading follows each event of an interface that a probe is about, and each interval. Units are reported by systemd.
 *
 * @param answer what one of them has found: called when its verdict or the kind of its reason changes
 */
export function startSensors(answer: (reading: SourceReading) => void, libc: Libc) {
  const running = new Map<string, Running>();
  const devices = kernelDevices(libc);
  let watch: LinkWatch | null = null;
  let watched = '';
  /** The names in the events since the last reading; null: any. */
  let touched: ReadonlySet<string> | null = new Set();
  let units: ReturnType<typeof followUnits> | null = null;

  function take(id: string, { health, reason, key = reason, detail }: Sensed): void {
    const one = running.get(id);
    if (one !== undefined) {
      one.detail = detail;
      if (one.fed !== `${health} ${key}`) {
        one.fed = `${health} ${key}`;
        answer({ id, health, reason });
      }
    }
  }

  function read(id: string): void {
    const sensor = running.get(id)?.sensor;
    if (sensor !== null && sensor !== undefined) {
      take(id, sensor.read(realLoop.now()));
    }
  }

  function start(id: string, target: SensorTarget): void {
    const isUnit = target.kind === 'unit';
    running.set(id, {
      key: JSON.stringify(target),
      sensor: isUnit ? null : deviceSensor(target, devices),
      unit: isUnit ? target.unit : null,
      timer: undefined,
      fed: '',
      detail: undefined,
    });
    if (!isUnit) {
      read(id);
      // Readings of one pace that began together would hold the event loop together.
      readAfter(id, target.everyMs * (1 + Math.random()) * 0.5, target.everyMs);
    }
  }

  function readAfter(id: string, delayMs: number, everyMs: number): void {
    const one = running.get(id);
    if (one !== undefined) {
      one.timer = realLoop.setTimer(() => {
        readAfter(id, everyMs, everyMs);
        again([id]);
      }, delayMs);
    }
  }

  /** Reads again, and follows the interfaces that are concerned by now. */
  function again(ids: Iterable<string>): void {
    for (const id of ids) {
      read(id);
    }
    followLinks();
  }

  function followLinks(): void {
    const names = [...new Set([...running.values()].flatMap(({ sensor }) => sensor?.names ?? []))].sort();
    const key = names.join('\n');
    if (key === watched) {
      return;
    }
    watched = key;
    if (names.length === 0) {
      watch?.close();
      watch = null;
    } else if (watch === null) {
      watch = openWatch(libc, names);
      watch?.subscribe(note, settled);
    } else {
      watch.setInterest(names);
    }
  }

  function note(event: LinkEvent): void {
    touched = event.type === 'snapshot' ? null : touched && new Set([...touched, ...namesIn(event)]);
  }

  /** Reads the probes that the interfaces of the events concern. */
  function settled(): void {
    const names = touched;
    touched = new Set();
    again(
      [...running]
        .filter(([, { sensor }]) => sensor?.names.some((name) => names?.has(name) ?? true))
        .map(([id]) => id),
    );
  }

  function followTheUnits(): void {
    const wanted = [...new Set([...running.values()].flatMap(({ unit }) => unit ?? []))];
    if (wanted.length === 0) {
      units?.[Symbol.dispose]();
      units = null;
      return;
    }
    units ??= followUnits((unit, found) => {
      for (const [id, one] of running) {
        if (one.unit === unit) {
          take(id, found);
        }
      }
    }, UNITS_MS);
    units.replace(wanted);
  }

  function replace(next: ReadonlyMap<string, SensorTarget>): void {
    for (const [id, { key, timer }] of running) {
      if (JSON.stringify(next.get(id)) !== key) {
        realLoop.clearTimer(timer);
        running.delete(id);
      }
    }
    for (const [id, target] of next) {
      if (!running.has(id)) {
        start(id, target);
      }
    }
    followLinks();
    followTheUnits();
  }

  return {
    /** Others from now on; those that did not change go on undisturbed. */
    replace,
    /** What each of them has read last, by the id of the source; those that have read nothing are left out. */
    details: (): ReadonlyMap<string, SensorDetail> =>
      new Map([...running].flatMap(([id, { detail }]) => (detail === undefined ? [] : [[id, detail]]))),
    [Symbol.dispose]() {
      replace(new Map());
      devices[Symbol.dispose]();
    },
  };
}

/** Watches interfaces; null where the system refuses: the sensors are read each interval all the same. */
function openWatch(libc: Libc, interest: readonly string[]): LinkWatch | null {
  try {
    return watchLinks({ libc, interest });
  } catch {
    return null;
  }
}

function namesIn(event: Exclude<LinkEvent, { type: 'snapshot' }>): readonly string[] {
  const names = [event.link.name, ...event.link.altNames];
  return event.type === 'renamed' || event.type === 'changed'
    ? [...names, event.was.name, ...event.was.altNames]
    : names;
}
