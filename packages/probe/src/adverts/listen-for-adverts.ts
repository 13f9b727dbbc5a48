import { callable, type Libc, loadLibc, objectWith, SystemError } from '@ifdepd/libc';
import { probeAbiOf } from '../abi/index.ts';
import type { PacketNumbers } from '../abi/probe-abi.ts';
import type { Verdict } from '../judge/judge.ts';
import { hostSystem } from '../sockets/host-system.ts';
import { interfaceIndexOf } from '../sockets/interface-facts.ts';
import { decodeAdvert } from '../wire/advert.ts';
import { AdvertJudge } from './advert-judge.ts';
import { type AdvertSocket, isOutgoing, openAdvertSocket } from './advert-socket.ts';
import { type AdvertTarget, checkAdvertTarget } from './advert-target.ts';

/** Counts of a listener since it began. */
export interface AdvertStatistics {
  /** Advertisements of the virtual router: of other routers for `peer`, of all for `vrrp`. */
  readonly heard: number;
  /** Packets that are none of it: malformed, of another hop limit, with a wrong checksum, of another VRID. */
  readonly ignored: number;
  /** What the last one that counts says: VRRP's priority, null for CARP. Null before. */
  readonly last: { readonly priority: number | null; readonly intervalMs: number } | null;
}

/** A virtual router that is listened for. */
export interface AdvertListener extends Disposable {
  readonly target: AdvertTarget;
  readonly verdict: Verdict;
  /** The reason of the verdict, as of now: `no advert of another router for VRID 51 on eth0 for 3.2 s`. */
  readonly reason: string;
  readonly statistics: AdvertStatistics;
  /** Ends it. Also when it has ended. */
  close(): void;
}

/** The longest advertisement: 255 addresses of IPv6. */
const PACKET_BYTES = 4200;
/** Receives of one wake-up: the event loop calls again where there is more, and others have their turn in a flood. */
const MOST_RECEIVES = 100;
/** `struct sockaddr_ll`. */
const ADDRESS_BYTES = 20;
/** An interface that is not there is looked for so often, in milliseconds. */
const RETRY_MS = 1000;
/** A timer this much later than planned says more about this machine than about the routers. */
const LATE_MS = 100;
/** The clock of the wall may jump this far forward, against the monotonic one, until the machine counts as having slept. */
const SLEPT_MS = 1000;

/**
 * Listens for the advertisements of VRRP and CARP of one virtual router, and sends nothing. It keeps the program alive until it is
 * closed. The verdict is `unknown` until an advertisement, or as long a silence, has come, and while the interface is not there.
 *
 * @param onChange called when the verdict has changed, and while it is `unknown`, when the reason has
 * @throws {TypeError | RangeError} where the target is wrong, or this system cannot listen
 */
export function listenForAdverts(
  target: AdvertTarget,
  onChange: (listener: AdvertListener) => void,
  libc: Libc = loadLibc(),
): AdvertListener {
  callable('listenForAdverts: onChange', onChange);
  objectWith('listenForAdverts: libc', libc, 'target');
  const { platform } = libc.target;
  checkAdvertTarget(target, platform);
  const listener = new Listener(target, onChange, libc, probeAbiOf(platform).packet as PacketNumbers);
  listener.open();
  return listener;
}

/** Why a target cannot be listened for at present: no interface, a missing right. Null where it can. */
export function advertObstacle(target: AdvertTarget, libc: Libc = loadLibc()): string | null {
  objectWith('advertObstacle: target', target, 'vrid', 'interface');
  objectWith('advertObstacle: libc', libc, 'target');
  const host = hostSystem(libc);
  try {
    openAdvertSocket(host, host.abi.packet as PacketNumbers, target).socket.close();
    return null;
  } catch (error) {
    return obstacleOf(error, target);
  }
}

function obstacleOf(error: unknown, { interface: name }: AdvertTarget): string {
  const { message } = error as Error;
  if (!(error instanceof SystemError)) {
    return message;
  }
  if (error.code === 'ENODEV') {
    return `there is no interface ${name}`;
  }
  return error.kind === 'not-permitted' ? `${message}: it needs CAP_NET_RAW` : message;
}

class Listener implements AdvertListener {
  readonly target: AdvertTarget;
  readonly #onChange: (listener: AdvertListener) => void;
  readonly #libc: Libc;
  readonly #numbers: PacketNumbers;
  readonly #bytes = new Uint8Array(PACKET_BYTES);
  readonly #from = new Uint8Array(ADDRESS_BYTES);
  #judge: AdvertJudge;
  #socket: AdvertSocket | null = null;
  #watch: Disposable | null = null;
  #obstacle: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #skewMs = 0;
  #heard = 0;
  #ignored = 0;
  #fed = '';
  #isOpen = true;

  constructor(
    target: AdvertTarget,
    onChange: (listener: AdvertListener) => void,
    libc: Libc,
    numbers: PacketNumbers,
  ) {
    this.target = target;
    this.#onChange = onChange;
    this.#libc = libc;
    this.#numbers = numbers;
    this.#judge = new AdvertJudge(target, performance.now());
  }

  get verdict(): Verdict {
    return this.#obstacle === null ? this.#judge.verdict : 'unknown';
  }

  get reason(): string {
    return this.#obstacle === null
      ? this.#judge.reason(performance.now())
      : `cannot listen: ${this.#obstacle}`;
  }

  get statistics(): AdvertStatistics {
    const { last } = this.#judge;
    const said =
      last === null
        ? null
        : { priority: last.protocol === 'CARP' ? null : last.priority, intervalMs: last.intervalMs };
    return { heard: this.#heard, ignored: this.#ignored, last: said };
  }

  /** Opens the socket, or says why not and tries again later. */
  open(): void {
    try {
      const opened = openAdvertSocket(hostSystem(this.#libc), this.#numbers, this.target);
      this.#socket = opened;
      this.#watch = this.#libc.readable(opened.socket.fd, () => this.#read());
      this.#obstacle = null;
      this.#judge = new AdvertJudge(this.target, performance.now());
    } catch (error) {
      this.#close();
      this.#obstacle = obstacleOf(error, this.target);
    }
    this.#arm();
    this.#report();
  }

  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #close(): void {
    this.#watch?.[Symbol.dispose]();
    this.#watch = null;
    this.#socket?.socket.close();
    this.#socket = null;
  }

  #read(): void {
    const { EAGAIN, EINTR } = this.#libc.target.errnoOf;
    for (let left = MOST_RECEIVES; left > 0 && this.#socket !== null; left -= 1) {
      const size = this.#libc.recvfrom(this.#socket.socket.fd, this.#bytes, 0, this.#from);
      if (size === -EAGAIN) {
        break;
      }
      if (size >= 0) {
        this.#take(this.#bytes.subarray(0, size), isOutgoing(this.#from, this.#numbers));
      } else if (size !== -EINTR) {
        this.#failToRead(-size);
        break;
      }
    }
    this.#arm();
    this.#report();
  }

  #take(packet: Uint8Array, isOwn: boolean): void {
    const advert = decodeAdvert(packet);
    if (typeof advert === 'string' || advert.vrid !== this.target.vrid) {
      this.#ignored += 1;
      return;
    }
    if (!(isOwn && this.target.kind === 'peer')) {
      this.#heard += 1;
      this.#judge.observe(advert, isOwn, performance.now());
    }
  }

  /** ENETDOWN: the interface was set down, and is heard again when it is up; or it has gone. */
  #failToRead(errno: number): void {
    const { target } = this.#libc;
    if (target.errno[errno]?.[0] === 'ENETDOWN') {
      this.#reopenIfMoved();
    } else {
      this.#close();
      this.#obstacle = new SystemError(target, errno, 'recvfrom', this.target.interface).message;
    }
  }

  /** Where the name means another interface than at the start, or none. */
  #reopenIfMoved(): void {
    const { socket, index } = this.#socket as AdvertSocket;
    let now: number | null = null;
    try {
      now = interfaceIndexOf(this.#libc, this.#numbers, socket.fd, this.target.interface);
    } catch {
      // Opening it again says why.
    }
    if (now !== index) {
      this.#close();
      this.open();
    }
  }

  /** A timer that fires too early costs less than a new one at every advertisement. */
  #arm(): void {
    if (this.#timer !== undefined || !this.#isOpen) {
      return;
    }
    const nowMs = performance.now();
    const inMs = this.#socket === null ? RETRY_MS : Math.max(0, this.#judge.wakeMs - nowMs);
    if (inMs === Number.POSITIVE_INFINITY) {
      return;
    }
    this.#dueMs = nowMs + inMs;
    this.#skewMs = Date.now() - nowMs;
    this.#timer = setTimeout(() => this.#fire(), Math.ceil(inMs));
  }

  #fire(): void {
    this.#timer = undefined;
    const nowMs = performance.now();
    const isLate = nowMs - this.#dueMs > LATE_MS || Date.now() - nowMs - this.#skewMs > SLEPT_MS;
    // The event loop delivers between this timer and the next function what has come by now.
    setImmediate(() => this.#wake(isLate));
  }

  #wake(isLate: boolean): void {
    if (!this.#isOpen) {
      return;
    }
    if (this.#socket === null) {
      this.open();
      return;
    }
    this.#reopenIfMoved();
    const nowMs = performance.now();
    if (isLate) {
      this.#judge.restart(nowMs);
    } else if (this.#judge.wakeMs <= nowMs) {
      this.#judge.expire();
    }
    this.#arm();
    this.#report();
  }

  #report(): void {
    const { verdict } = this;
    const key = verdict === 'unknown' ? this.reason : verdict;
    if (this.#isOpen && key !== this.#fed) {
      this.#fed = key;
      this.#onChange(this);
    }
  }
}
