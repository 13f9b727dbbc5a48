import type { Libc } from '@ifdepd/libc';
import { type Operator, openOperator, type ScriptedLinux, scriptedLinux } from '@ifdepd/scripted-kernels';
import { ConductJudge } from './conduct-judge.ts';
import { CALLS, faultyLibc } from './faulty-libc.ts';
import { DESTINATIONS, OWN_LINK, SOURCES } from './host.ts';
import { JournalJudge } from './journal-judge.ts';
import { KernelTime } from './kernel-time.ts';
import { VirtualLoop } from './virtual-loop.ts';
import { type SourceState, WriteJudge } from './write-judge.ts';

/** linux/sockios.h */
const SIOCSIFFLAGS = 0x8914;

/** Milliseconds after which the kernel holds back no message about what was plugged in. */
const PLUGGED_MS = 5000;

/** A scripted kernel with the cards and destinations of {@link SOURCES} and {@link DESTINATIONS}, and its time. */
export class SimulatedHost implements Disposable {
  readonly loop = new VirtualLoop(() => this.time);
  readonly kernel: ScriptedLinux = scriptedLinux({ defer: this.loop.defer });
  readonly time = new KernelTime(this.kernel);
  /** Changes its interfaces as other programs do. */
  readonly operator: Operator = openOperator(this.kernel.libc);
  readonly journal = new JournalJudge();
  readonly conduct = new ConductJudge();
  readonly writes = new WriteJudge();
  /** The state of each source as of the last {@link SimulatedHost.noteSources}. */
  readonly sources = new Map<string, SourceState>();
  /** Destinations that the daemon has set up, or down, since the last look of a judge. */
  readonly raised = new Set<string>();
  readonly lowered = new Set<string>();
  /** Interfaces, by their index, that the daemon has set down and not up since. */
  readonly #setDown = new Set<number>();
  /** When the daemon last found no more messages. */
  #drainedAt = Number.NEGATIVE_INFINITY;
  /** How often the daemon has set a destination. */
  protected sets = 0;
  /** The calls of the daemon: what they change of destinations must stand in its journal. */
  readonly libc: Libc = {
    ...this.kernel.libc,
    ioctl: (fd, request, argument) => this.#ioctl(fd, request, argument),
    recvfrom: (...words) => this.#recvfrom(...words),
  };
  /** The same, some of which fail. */
  readonly faults = faultyLibc(this.libc, CALLS, this.time);

  constructor() {
    this.#plug();
    this.kernel.pass(PLUGGED_MS);
    this.noteSources();
  }

  #plug(): void {
    for (const name of [...SOURCES, 'lan0']) {
      this.attach(name);
    }
    for (const name of DESTINATIONS) {
      this.make(name);
      this.operator.apply({ op: 'admin', name, to: 'up', by: 'netlink' });
    }
  }

  /** Plugs in a card that is gone, and sets it up. */
  attach(name: string): void {
    this.kernel.attach(name, name === OWN_LINK);
    this.operator.apply({ op: 'admin', name, to: 'up', by: 'netlink' });
  }

  /** All interfaces go, and come as they were at first. */
  protected plugAgain(): void {
    const names = [...DESTINATIONS, ...SOURCES];
    for (const name of [...names, ...names.map((one) => `${one}x`), 'lan0']) {
      if (this.exists(name)) {
        this.kernel.detach(name);
      }
    }
    this.#plug();
  }

  #ioctl(...[fd, request, argument]: Parameters<Libc['ioctl']>): ReturnType<Libc['ioctl']> {
    if (request !== SIOCSIFFLAGS) {
      return this.kernel.libc.ioctl(fd, request, argument);
    }
    const before = DESTINATIONS.map((id) => this.isUp(id));
    const result = this.kernel.libc.ioctl(fd, request, argument);
    for (const [at, id] of DESTINATIONS.entries()) {
      const isUp = this.isUp(id);
      if (isUp !== null && isUp !== before[at]) {
        this.sets += 1;
        const { index } = this.kernel.link(id);
        if (isUp) {
          this.raised.add(id);
          this.#setDown.delete(index);
        } else {
          this.lowered.add(id);
          this.#setDown.add(index);
        }
        this.journal.changed({ id, to: isUp ? 'up' : 'down' });
        this.#wrote(id, isUp ? 'up' : 'down');
      }
    }
    return result;
  }

  #recvfrom(...words: Parameters<Libc['recvfrom']>): ReturnType<Libc['recvfrom']> {
    const result = this.kernel.libc.recvfrom(...words);
    if (result === -this.libc.target.errnoOf.EAGAIN) {
      this.#drainedAt = this.time.now();
      for (const [id, state] of this.sources) {
        if (state.readAt === null) {
          this.sources.set(id, { ...state, readAt: this.#drainedAt });
        }
      }
    }
    return result;
  }

  #wrote(id: string, to: 'up' | 'down'): void {
    const { failedAt, slowMs } = this.faults;
    this.writes.wrote({
      id,
      to,
      at: this.time.now(),
      drainedAt: this.#drainedAt,
      failedAt,
      slowMs,
      sources: new Map(this.sources),
    });
  }

  /** Pulls the cable of a card that is there, or plugs it in. */
  cable(name: string, to: 'up' | 'down'): void {
    if (this.exists(name)) {
      const { sending, carrier } = this.kernel.link(name);
      this.kernel.cable(name, to);
      // The kernel has not reported the loss, and reports neither of the two at once.
      this.noteSources(to === 'up' && sending && !carrier);
    }
  }

  /** Looks at what the sources are by now, after anything that may have changed them. */
  noteSources(isUnreported = false): void {
    const now = this.time.now();
    for (const id of SOURCES) {
      const isActive = this.isActive(id);
      const before = this.sources.get(id);
      if (before?.isActive !== isActive) {
        this.sources.set(id, { isActive, since: now, isUnreported, readAt: null });
        if (before?.isActive === true) {
          this.conduct.lost(id);
        }
      }
    }
  }

  /** Creates a destination on the card lan0. */
  make(name: string): void {
    const kind = name.startsWith('vlan') ? 'vlan' : 'macvlan';
    this.operator.apply({ op: 'create', kind, name, on: 'lan0', id: 5 });
  }

  /** @returns null where there is no such interface */
  isUp(name: string): boolean | null {
    return this.kernel.find(name)?.up ?? null;
  }

  /** Whether the daemon has set the interface down that has this name now. */
  isSetDown(name: string): boolean {
    return this.#setDown.has(this.kernel.link(name).index);
  }

  /** The next daemon knows by their names what the one before has set down: not an interface that has another name. */
  protected forgetRenamed(): void {
    const named = new Set(DESTINATIONS.map((id) => this.kernel.find(id)?.index));
    for (const index of this.#setDown) {
      if (!named.has(index)) {
        this.#setDown.delete(index);
      }
    }
  }

  /** Whether a card can be used: what a group depends on. */
  isActive(name: string): boolean {
    const link = this.kernel.find(name);
    return link?.up === true && link.carrier;
  }

  exists(name: string): boolean {
    return this.kernel.find(name) !== undefined;
  }

  [Symbol.dispose](): void {
    this.operator[Symbol.dispose]();
  }
}
