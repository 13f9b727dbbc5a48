import type { Device } from './device.ts';
import type { LinuxKernel } from './kernel.ts';
import { oper } from './numbers.ts';

/** HZ: the least time between two runs over events that are not urgent, in milliseconds. */
const WINDOW_MS = 1000;

/**
 * The queue between a carrier and its message: net/core/link_watch.c. What is urgent runs as soon as the kernel has ended the call in
 * which it happened. Everything else runs with it if the last such run is a second ago, and waits until then otherwise.
 */
export class LinkWatch {
  readonly #kernel: LinuxKernel;
  #events: Device[] = [];
  /** linkwatch_nextevent */
  #next = 0;
  /** When the work runs; null where none is scheduled. */
  #due: number | null = null;
  #urgent = false;

  constructor(kernel: LinuxKernel) {
    this.#kernel = kernel;
  }

  /** When something is to be done, in the time of the kernel; null where nothing is. */
  get due(): number | null {
    return this.#due;
  }

  /** Whether events wait that are not urgent. */
  get waiting(): boolean {
    return this.#events.length > 0;
  }

  /** linkwatch_fire_event() */
  fire(device: Device): void {
    const urgent = isUrgent(device);
    if (!this.#events.includes(device)) {
      this.#events.push(device);
    } else if (!urgent) {
      return;
    }
    this.#schedule(urgent);
  }

  /** linkwatch_sync_dev(): what is known of this link is reported now. */
  sync(device: Device): void {
    if (this.#take(device)) {
      this.#report(device);
    }
  }

  /** The link is gone: netdev_run_todo() waits until the queue holds it no longer. */
  forget(device: Device): void {
    this.#take(device);
  }

  /** linkwatch_event(), if its time has come. @returns whether it ran */
  run(now: number): boolean {
    if (this.#due === null || this.#due > now) {
      return false;
    }
    this.#due = null;
    this.#urgent = false;
    const urgentOnly = this.#next > now;
    if (!urgentOnly) {
      this.#next = now + WINDOW_MS;
    }
    const work = this.#events;
    this.#events = [];
    for (const device of work) {
      if (urgentOnly && !isUrgent(device)) {
        this.#events.push(device);
      } else {
        this.#report(device);
      }
    }
    if (this.#events.length > 0) {
      this.#schedule(false);
    }
    return true;
  }

  /** Keeps the window closed, as an event of another namespace does. */
  close(now: number): void {
    this.#next = now + WINDOW_MS;
  }

  #schedule(urgent: boolean): void {
    const { now } = this.#kernel;
    if (urgent) {
      this.#urgent = true;
      this.#due = now;
    } else if (!this.#urgent) {
      this.#due ??= Math.max(now, this.#next);
    }
  }

  #take(device: Device): boolean {
    const at = this.#events.indexOf(device);
    if (at >= 0) {
      this.#events.splice(at, 1);
    }
    return at >= 0;
  }

  /** linkwatch_do_dev() */
  #report(device: Device): void {
    device.operstate = this.#operstate(device);
    if (device.up) {
      device.sending = device.carrier;
      this.#kernel.stateChange(device);
    }
  }

  /** default_operstate() and rfc2863_policy() */
  #operstate(device: Device): number {
    if (device.carrier) {
      return device.dormant ? oper.DORMANT : oper.UP;
    }
    const below = device.iflink === device.index ? undefined : this.#kernel.byIndex(device.iflink);
    return below === undefined || below.carrier ? oper.DOWN : oper.LOWERLAYERDOWN;
  }

  /** linkwatch_init_dev() */
  init(device: Device): void {
    if (!device.carrier || device.dormant) {
      device.operstate = this.#operstate(device);
    }
  }
}

/** linkwatch_urgent_event() */
function isUrgent(device: Device): boolean {
  if (!device.running) {
    return false;
  }
  const isLag = device.driver.kind === 'bond' || device.master?.driver.kind === 'bond';
  return device.index !== device.iflink || isLag || (device.carrier && !device.sending);
}
