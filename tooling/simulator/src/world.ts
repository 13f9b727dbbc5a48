// Before the daemon, which takes some calls of node:fs when it is loaded.
import './simulated-files.ts';

import type { Libc } from '@ifdepd/libc';
import type { Settings } from '../../../apps/ifdepd/src/config/settings.ts';
import { rememberedDestinations } from '../../../apps/ifdepd/src/engine/daemon-rules.ts';
import type { LogEntry } from '../../../apps/ifdepd/src/log/index.ts';
import { operate } from '../../../apps/ifdepd/src/service/operate.ts';
import { prepareDaemon } from '../../../apps/ifdepd/src/service/prepare-daemon.ts';
import { reload } from '../../../apps/ifdepd/src/service/reload.ts';
import type { Running } from '../../../apps/ifdepd/src/service/running.ts';
import { daemonOptions, settingsOf } from './daemon-options.ts';
import { Disk } from './disk.ts';
import { driven } from './driven.ts';
import { Mortal } from './mortal.ts';
import { inBoot, mount } from './simulated-files.ts';
import { SimulatedHost } from './simulated-host.ts';

type Prepared = Awaited<ReturnType<typeof prepareDaemon>>;

/** A daemon that runs. */
interface Alive {
  readonly prepared: Prepared;
  readonly running: Running;
}

type Command = 'pause' | 'down' | 'resume' | 'up';

/** How many hosts there were. */
let hosts = 0;

/** A host with a whole daemon, whose calls fail and which ends at any of them. */
export class World extends SimulatedHost {
  readonly disk: Disk;
  readonly #root: string;
  readonly #mounted: Disposable;
  readonly #heard: (line: string) => void;
  readonly #wrap: (libc: Libc) => Libc;
  #process = new Mortal();
  #alive: Alive | null = null;
  #config = 0;
  #boot = 1;
  #crashAfter = Number.POSITIVE_INFINITY;
  /** How many calls of the disk had failed at the last moment at which everything was done. */
  #failed = 0;
  /** Whether the daemon has a journal on the disk. */
  #hasJournal = false;
  /** Whether something has happened of which a promise may be under way. */
  #stirred = false;
  /** How many lines the daemons have logged. */
  #lines = 0;
  /** How many calls had failed when the daemon began to start. */
  #failedBefore = 0;
  #endedAt = 0;

  /**
   * @param heard hears each line of the daemon's log
   * @param wrap replaces the calls of the kernel
   */
  constructor(heard: (line: string) => void, wrap: (libc: Libc) => Libc = (libc) => libc) {
    super();
    this.#heard = heard;
    this.#wrap = wrap;
    hosts += 1;
    this.#root = `/simulated-${hosts}`;
    this.disk = new Disk(this.#root, this.#process);
    this.#mounted = mount(this.#root, this.disk);
  }

  /** The daemon; null while none runs. */
  get running(): Running | null {
    return this.#alive?.running ?? null;
  }

  /** A number that is another one after the daemon has done something that a judge may have to see. */
  get changes(): number {
    return this.sets + this.#lines + this.faults.failed + this.time.happened;
  }

  /** When the last daemon ended. */
  get endedAt(): number {
    return this.#endedAt;
  }

  /** Notes a line of the history. */
  heard(message: string): void {
    this.#heard(message);
  }

  /** The configuration in the file. */
  get settings(): Settings {
    return settingsOf(this.#config);
  }

  configure(config: number): void {
    this.#config = config;
  }

  /** @throws what the start throws */
  async start(): Promise<void> {
    this.#process = new Mortal();
    this.disk.begin(this.#process);
    this.forgetRenamed();
    this.conduct.began();
    this.#failedBefore = this.disk.failed + this.faults.failed;
    this.#process.endAfter(this.#crashAfter);
    this.#crashAfter = Number.POSITIVE_INFINITY;
    try {
      this.#alive = await this.#begin(this.#process);
    } catch (error) {
      if (!this.#process.isDead) {
        throw error;
      }
    }
    this.#hasJournal = this.#alive?.running.journal.path != null;
    if (this.#process.isDead) {
      await this.#bury();
    } else if (this.#alive !== null && this.disk.failed === this.#failed) {
      this.journal.began(this.#alive.running.journal.entries);
    }
  }

  /** @returns null where the process ends before it has started */
  async #begin(process: Mortal): Promise<Alive | null> {
    const options = daemonOptions(process, {
      libc: this.#wrap(this.faults.libc),
      loop: this.loop,
      disk: this.disk,
      root: this.#root,
      settings: () => this.settings,
      write: (entry) => this.#write(entry),
    });
    const prepared = await inBoot(`boot-${this.#boot}`, () => prepareDaemon(this.settings, options));
    try {
      const running = await this.#driven(prepared.start(), () => this.step(this.loop.due ?? this.loop.now()));
      if (running !== undefined) {
        return { prepared, running };
      }
      await this.#driven(prepared.close());
      return null;
    } catch (error) {
      await this.#driven(prepared.close());
      throw error;
    }
  }

  #write(entry: LogEntry): void {
    this.#stirred = true;
    this.#lines += 1;
    this.journal.logged(entry);
    this.conduct.logged(entry, this.disk.failed + this.faults.failed > this.#failedBefore);
    // The start has the number of the process.
    if (entry.event !== 'start') {
      this.#heard(entry.message.replaceAll(this.#root, ''));
    }
  }

  /** @returns why the reload is refused; null where it is not, or no daemon runs */
  async reload(): Promise<Error | null> {
    const { running } = this;
    return running === null ? null : ((await this.#driven(reload(running))) ?? null);
  }

  /** Has an operator command a group. */
  operate(group: string, command: Command, forMs: number | null): void {
    const { running } = this;
    if (running !== null) {
      this.#process.guard(() => operate(running, group, command, forMs));
    }
  }

  /** Ends the daemon by a signal, or as `kill -9` does. */
  async end(how: 'stop' | 'kill'): Promise<void> {
    if (this.#alive !== null) {
      if (how === 'stop') {
        await this.#driven(this.#alive.prepared.stop('SIGTERM'));
      } else {
        this.#process.end();
      }
      await this.#bury();
    }
  }

  /** The daemon that runs, or the next one, ends before it makes a call. @param calls how many it makes before that */
  crashAfter(calls: number): void {
    if (this.#alive === null) {
      this.#crashAfter = calls;
    } else {
      this.#process.endAfter(calls);
    }
  }

  /** The power fails, and the host starts again. @param part how much of what was written is left, 0 to 1 */
  async cutPower(part: number): Promise<void> {
    await this.end('kill');
    this.disk.cutPower(part);
    this.journal.forget();
    this.#boot += 1;
    this.plugAgain();
  }

  /** Puts away what a process that has ended leaves here. @throws where a timer runs that it should have cleared */
  async #bury(): Promise<void> {
    const alive = this.#alive;
    this.#alive = null;
    this.#endedAt = this.loop.now();
    if (this.#process.isDead) {
      const remembered = rememberedDestinations(alive?.running.settings ?? this.settings);
      this.journal.killed((id) => remembered.has(id));
    }
    await this.#driven(alive?.prepared.close() ?? Promise.resolve());
    this.#process.guard(() => this.loop.turn());
    this.#settled();
    this.#process.end();
    const { pending } = this.loop;
    this.loop.clear();
    if (alive !== null && pending > 0) {
      throw new Error(`${pending} timers are left after the end`);
    }
  }

  #driven<Result>(promise: Promise<Result>, wait?: () => void): Promise<Result | undefined> {
    return driven(promise, this.#process, () => this.#drain(true), wait);
  }

  /** Does what can be done at this moment. */
  async settle(): Promise<void> {
    await this.#drain(false);
    if (this.#process.isDead && this.#alive !== null) {
      this.#heard('killed');
      await this.#bury();
    }
    this.#settled();
  }

  #settled(): void {
    const { failed } = this.disk;
    this.journal.settled(failed === this.#failed && this.#hasJournal);
    this.#failed = failed;
  }

  /** @param stirred whether promises may be under way */
  async #drain(stirred: boolean): Promise<void> {
    this.#stirred ||= stirred;
    this.#process.guard(() => this.loop.turn());
    while (this.#stirred || this.disk.isBusy) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#stirred = this.disk.turn();
      this.#process.guard(() => this.loop.turn());
    }
  }

  /** Lets the time come at which something is due, at most `until`. */
  step(until: number): void {
    this.#process.guard(() => this.loop.step(until));
  }

  /** Calls the timers that are due. */
  wake(): void {
    this.#process.guard(() => this.loop.callDue());
  }

  /** Lets time pass, at most until the daemon does something. */
  async pass(ms: number): Promise<void> {
    const end = this.loop.now() + ms;
    const { changes } = this;
    await this.settle();
    while (this.loop.now() < end && this.changes === changes) {
      this.step(end);
      await this.settle();
    }
  }

  async close(): Promise<void> {
    this.faults.heal();
    try {
      await this.end('kill');
    } finally {
      this[Symbol.dispose]();
      this.#mounted[Symbol.dispose]();
    }
  }
}
