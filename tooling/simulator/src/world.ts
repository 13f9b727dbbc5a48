import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { type Operator, openOperator, type ScriptedLinux, scriptedLinux } from '@ifdepd/scripted-kernels';
import { parseSettings } from '../../../apps/ifdepd/src/config/parse-settings.ts';
import type { Settings } from '../../../apps/ifdepd/src/config/settings.ts';
import type { LogEntry } from '../../../apps/ifdepd/src/log/index.ts';
import { prepareDaemon } from '../../../apps/ifdepd/src/service/prepare-daemon.ts';
import type { Running } from '../../../apps/ifdepd/src/service/running.ts';
import { type FaultyLibc, faultyLibc } from './faulty-libc.ts';
import { CONFIGS, DESTINATIONS, SOURCES } from './host.ts';
import { VirtualLoop } from './virtual-loop.ts';

/** The calls that may fail while a daemon runs. */
const CALLS = [
  'socket',
  'bind',
  'setsockopt',
  'sendto',
  'recvfrom',
  'ioctl',
  'open',
  'pread',
  'close',
  'if_nameindex',
];

type Prepared = Awaited<ReturnType<typeof prepareDaemon>>;

/** A daemon that runs. */
interface Alive {
  readonly prepared: Prepared;
  readonly running: Running;
}

/**
 * A scripted host with a whole daemon. Its disk is a folder of this host: after each step the world waits until what was written
 * has been written, so that the order of things does not depend on the disk.
 */
export class World {
  readonly loop: VirtualLoop;
  readonly kernel: ScriptedLinux;
  readonly faults: FaultyLibc;
  readonly operator: Operator;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ifdepd-simulated-'));
  readonly #heard: (entry: LogEntry) => void;
  readonly #wrap: (libc: Libc) => Libc;
  #alive: Alive | null = null;
  #config = 0;
  /** Whether something has happened of which a write may follow. */
  #stirred = false;

  /**
   * @param heard hears each line of the daemon's log
   * @param wrap replaces the calls of the kernel
   */
  constructor(heard: (entry: LogEntry) => void, wrap: (libc: Libc) => Libc = (libc) => libc) {
    this.#heard = heard;
    this.#wrap = wrap;
    this.loop = new VirtualLoop(() => this.kernel);
    this.kernel = scriptedLinux({ defer: this.loop.defer });
    this.faults = faultyLibc(this.kernel.libc, CALLS, this.kernel.now);
    this.operator = openOperator(this.kernel.libc);
    for (const name of [...SOURCES, 'lan0']) {
      this.kernel.attach(name);
      this.operator.apply({ op: 'admin', name, to: 'up', by: 'netlink' });
    }
    for (const name of DESTINATIONS) {
      this.make(name);
      this.operator.apply({ op: 'admin', name, to: 'up', by: 'netlink' });
    }
    this.kernel.pass(5000);
  }

  /** Creates a destination on the card lan0. */
  make(name: string): void {
    const kind = name.startsWith('vlan') ? 'vlan' : 'macvlan';
    this.operator.apply({ op: 'create', kind, name, on: 'lan0', id: 5 });
  }

  /** The daemon; null while none runs. */
  get running(): Running | null {
    return this.#alive?.running ?? null;
  }

  /** Notes a line of the history. */
  heard(message: string): void {
    this.#heard({ event: 'notice', level: 'info', message });
  }

  /** The configuration in the file. */
  get settings(): Settings {
    return parseSettings(CONFIGS[this.#config] ?? '', '/etc/ifdepd.conf');
  }

  configure(config: number): void {
    this.#config = config;
  }

  isUp(name: string): boolean | null {
    return this.exists(name) ? this.kernel.link(name).up : null;
  }

  exists(name: string): boolean {
    const names = this.kernel.libc.if_nameindex();
    return typeof names !== 'number' && names.some((one) => one.name === name);
  }

  /** @throws what the start throws */
  async start(): Promise<void> {
    const prepared = await prepareDaemon(this.settings, {
      libc: this.#wrap(this.faults.libc),
      host: loadLibc(),
      loop: this.loop,
      directories: { runtime: join(this.#folder, 'run'), state: join(this.#folder, 'state') },
      log: {
        write: (entry) => {
          this.#stirred = true;
          this.#heard(entry);
        },
        close: () => Promise.resolve(),
      },
      load: () => Promise.resolve(this.settings),
    });
    try {
      this.#alive = { prepared, running: prepared.start() };
    } catch (error) {
      await prepared.close();
      throw error;
    }
  }

  /** Ends the daemon by a signal, or as a crash does. */
  async end(how: 'stop' | 'kill'): Promise<void> {
    const alive = this.#alive;
    this.#alive = null;
    if (alive !== null) {
      if (how === 'stop') {
        await this.driven(alive.prepared.stop('SIGTERM'));
      }
      await alive.prepared.close();
      this.loop.turn();
      if (this.loop.pending > 0) {
        throw new Error(`${this.loop.pending} timers are left after the end`);
      }
    }
  }

  /** Has the event loop go on until a promise is settled. */
  async driven<Result>(promise: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    settled.catch(() => {});
    while (!isSettled) {
      await this.settle(true);
    }
    return await settled;
  }

  /** Does what can be done at this moment. @param stirred whether promises may be under way */
  async settle(stirred = false): Promise<void> {
    this.#stirred ||= stirred;
    this.loop.turn();
    while (this.#stirred || isWriting()) {
      this.#stirred = false;
      await new Promise((resolve) => setImmediate(resolve));
      this.loop.turn();
    }
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.loop.now() + ms;
    await this.settle();
    do {
      this.loop.step(end);
      await this.settle();
    } while (this.loop.now() < end);
  }

  async close(): Promise<void> {
    this.faults.heal();
    try {
      await this.end('kill');
    } finally {
      this.operator[Symbol.dispose]();
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }
}

/** Whether a thread of the pool reads or writes a file. */
function isWriting(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'));
}
