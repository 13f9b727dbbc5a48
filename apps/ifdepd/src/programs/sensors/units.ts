import { realLoop } from '../../system/loop.ts';
import { type Sensed, unanswered } from './sensed.ts';
import { openSystemBus, SYSTEM_BUS, type SystemBus } from './system-bus.ts';
import { changesOf, readUnit, subscribe, unitPath } from './unit-state.ts';

/** A unit that is followed. */
interface Followed {
  /** Whether it is being read. */
  isRead: boolean;
  /** Whether it may have changed since that began. */
  isDirty: boolean;
}

/**
 * Follows units of systemd over one connection to the system bus. systemd reports each change, and the state is then read: a signal
 * says only that something changed. The states are read every so often besides, over a new connection where the last one has ended.
 *
 * @param answer what was read of a unit
 * @param everyMs milliseconds between two readings
 */
export function followUnits(
  answer: (unit: string, found: Sensed) => void,
  everyMs: number,
  path: string = SYSTEM_BUS,
) {
  const followed = new Map<string, Followed>();
  let bus: SystemBus | null = null;
  let connecting = false;
  let closed = false;

  async function read(unit: string): Promise<void> {
    const one = followed.get(unit);
    if (one === undefined || bus === null) {
      return;
    }
    one.isDirty = true;
    while (!one.isRead && one.isDirty && bus !== null) {
      one.isRead = true;
      one.isDirty = false;
      const found = await readUnit(bus, unit).catch((error: Error) => unanswered(error.message));
      one.isRead = false;
      if (followed.get(unit) === one && !closed) {
        answer(unit, found);
      }
    }
  }

  async function follow(unit: string): Promise<void> {
    await bus?.addMatch(changesOf(unit)).catch(() => null);
    await read(unit);
  }

  function lost(reason: string): void {
    bus = null;
    for (const unit of closed ? [] : followed.keys()) {
      answer(unit, unanswered(reason));
    }
  }

  async function connect(): Promise<void> {
    if (connecting || followed.size === 0) {
      return;
    }
    connecting = true;
    const changed = (object: string) => {
      const unit = [...followed.keys()].find((one) => unitPath(one) === object);
      return unit === undefined ? undefined : read(unit);
    };
    const opened = await openSystemBus(path, (message) => void changed(message.path), lost).catch(() => null);
    connecting = false;
    if (closed) {
      opened?.[Symbol.dispose]();
    } else if (opened !== null) {
      bus = opened;
      await subscribe(bus);
      await Promise.all([...followed.keys()].map(follow));
    }
  }

  const timer = realLoop.setTicker(() => {
    if (bus === null) {
      void connect();
    } else {
      void subscribe(bus);
      for (const unit of followed.keys()) {
        void read(unit);
      }
    }
  }, everyMs);

  return {
    /** Follows these units from now on. A match of one that is followed no longer stays until the connection ends. */
    replace(units: readonly string[]): void {
      for (const unit of followed.keys()) {
        if (!units.includes(unit)) {
          followed.delete(unit);
        }
      }
      for (const unit of units.filter((one) => !followed.has(one))) {
        followed.set(unit, { isRead: false, isDirty: false });
        void follow(unit);
      }
      if (bus === null) {
        void connect();
      }
    },
    [Symbol.dispose]() {
      closed = true;
      realLoop.clearTicker(timer);
      bus?.[Symbol.dispose]();
    },
  };
}
