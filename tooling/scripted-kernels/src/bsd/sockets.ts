import type { Result, Target } from '@ifdepd/libc';
import { passes } from './kernel-event.ts';
import type { BsdLayout } from './layout.ts';

/** macOS: socket(PF_SYSTEM, SOCK_RAW, SYSPROTO_EVENT). sys/sys_domain.h, sys/kern_event.h */
const AF_SYSTEM = 32;
const SYSPROTO_EVENT = 1;

const EBADF = 9;
const EPROTONOSUPPORT = 43;
const EAFNOSUPPORT = 47;
const O_NONBLOCK = 0x4;

/** The default of every observed kernel. */
const DEFAULT_RCVBUF = 8192;

/** sys/kern_event.h */
const KEV_RECVSPACE = 32 * 1024;

interface Socket {
  readonly kind: 'route' | 'kernel-event' | 'control';
  /** Whether it gets RTM_IFINFO and RTM_IFANNOUNCE, and not only messages about addresses and routes. */
  readonly everything: boolean;
  queue: Uint8Array[];
  rcvbuf: number;
  blocking: boolean;
  wanted: ((type: number) => boolean) | null;
  reportsLoss: boolean;
  lost: boolean;
  desync: boolean;
  /** The `struct kev_request` of a kernel-event socket; null before it is set. */
  events: Uint8Array | null;
}

/** The sockets of a scripted kernel: queues with a limit, readiness, and the losses of each system. */
export class Sockets {
  readonly #target: Target;
  readonly #layout: BsdLayout;
  readonly #desync: () => Uint8Array;
  readonly #open = new Map<number, Socket>();
  readonly #watchers = new Map<number, () => void>();
  /** Descriptors that the next iteration of the event loop asks: once each, as poll(2) does. */
  readonly #scheduled = new Set<number>();
  #nextFd = 100;

  constructor(target: Target, layout: BsdLayout, desync: () => Uint8Array) {
    this.#target = target;
    this.#layout = layout;
    this.#desync = desync;
  }

  socket(domain: number, type: number, protocol: number): Result {
    const { AF_INET, SOCK_NONBLOCK, SOCK_CLOEXEC } = this.#target.socket;
    const atSocket = this.#target.socketFlags === 'at-socket';
    if (!atSocket && (type & (SOCK_NONBLOCK | SOCK_CLOEXEC)) !== 0) {
      return -EPROTONOSUPPORT;
    }
    const event = domain === AF_SYSTEM && protocol === SYSPROTO_EVENT && this.#layout.behaviour.kernelEvents;
    if (domain !== this.#layout.AF_ROUTE && domain !== AF_INET && !event) {
      return -EAFNOSUPPORT;
    }
    const fd = this.#nextFd++;
    this.#open.set(fd, {
      kind: event ? 'kernel-event' : domain === AF_INET ? 'control' : 'route',
      everything: protocol === 0,
      queue: [],
      rcvbuf: event ? KEV_RECVSPACE : DEFAULT_RCVBUF,
      blocking: (type & SOCK_NONBLOCK) === 0,
      wanted: null,
      reportsLoss: false,
      lost: false,
      desync: false,
      events: null,
    });
    return fd;
  }

  close(fd: number): Result {
    this.#watchers.delete(fd);
    return this.#open.delete(fd) ? 0 : -EBADF;
  }

  fcntl(fd: number, command: number, argument: number): Result {
    const socket = this.#open.get(fd);
    if (socket === undefined) {
      return -EBADF;
    }
    if (command === this.#target.fcntl.F_GETFL) {
      return socket.blocking ? 0 : O_NONBLOCK;
    }
    if (command === this.#target.fcntl.F_SETFL) {
      socket.blocking = (argument & O_NONBLOCK) === 0;
    }
    return 0;
  }

  setsockopt(fd: number, level: number, option: number, value: Uint8Array): Result {
    const socket = this.#open.get(fd);
    if (socket === undefined) {
      return -EBADF;
    }
    const { SOL_SOCKET, SO_RCVBUF } = this.#target.socket;
    const { filter, SO_RERROR, behaviour } = this.#layout;
    const number = value.byteLength < 4 ? 0 : new DataView(value.buffer, value.byteOffset).getUint32(0, true);
    if (level === SOL_SOCKET && option === SO_RCVBUF) {
      if (number > behaviour.maxRcvbuf) {
        return -this.#target.errnoOf.ENOBUFS;
      }
      socket.rcvbuf = number;
      return 0;
    }
    if (level === SOL_SOCKET && option === SO_RERROR) {
      socket.reportsLoss = number !== 0;
      return 0;
    }
    if (filter !== null && level === filter.level && option === filter.option && socket.kind === 'route') {
      const types = new Set(value);
      socket.wanted =
        filter.takes === 'mask' ? (type) => (number & (1 << type)) !== 0 : (type) => types.has(type);
      return 0;
    }
    return -this.#target.errnoOf.EINVAL;
  }

  getsockopt(fd: number, level: number, option: number, value: Uint8Array): Result {
    const socket = this.#open.get(fd);
    if (socket === undefined) {
      return -EBADF;
    }
    const { SOL_SOCKET, SO_RCVBUF } = this.#target.socket;
    if (level !== SOL_SOCKET || option !== SO_RCVBUF) {
      return -this.#target.errnoOf.EINVAL;
    }
    new DataView(value.buffer, value.byteOffset).setUint32(0, socket.rcvbuf, true);
    return 4;
  }

  /** A read returns one message. The part that does not fit in `into` is lost. */
  recvfrom(fd: number, into: Uint8Array, flags: number): Result {
    const socket = this.#open.get(fd);
    if (socket === undefined) {
      return -EBADF;
    }
    if (socket.lost) {
      socket.lost = false;
      return -this.#target.errnoOf.ENOBUFS;
    }
    if (socket.desync && socket.queue.length === 0) {
      socket.desync = false;
      socket.queue.push(this.#desync());
    }
    const message = socket.queue.shift();
    if (message !== undefined) {
      const size = Math.min(message.byteLength, into.byteLength);
      into.set(message.subarray(0, size));
      return size;
    }
    if (socket.blocking && (flags & this.#target.socket.MSG_DONTWAIT) === 0) {
      throw new Error(`recvfrom(2) on descriptor ${fd} would block for ever: the queue is empty`);
    }
    return -this.#target.errnoOf.EAGAIN;
  }

  /** SIOCSKEVFILT: selects the events. False when the descriptor is no kernel-event socket. */
  listen(fd: number, request: Uint8Array): boolean {
    const socket = this.#open.get(fd);
    if (socket?.kind !== 'kernel-event') {
      return false;
    }
    socket.events = request;
    return true;
  }

  has(fd: number): boolean {
    return this.#open.has(fd);
  }

  /** Queues a routing message in every routing socket that wants it. @param about interfaces or addresses */
  route(message: Uint8Array, about: 'interface' | 'address'): void {
    for (const [fd, socket] of this.#open) {
      const heard = socket.everything || about === 'address';
      if (socket.kind === 'route' && heard && (socket.wanted?.(message[3] ?? 0) ?? true)) {
        this.#enqueue(fd, socket, message);
      }
    }
  }

  /** Queues an event in every kernel-event socket whose filter accepts it. */
  event(message: Uint8Array): void {
    for (const [fd, socket] of this.#open) {
      if (socket.events !== null && passes(socket.events, message)) {
        this.#enqueue(fd, socket, message);
      }
    }
  }

  /** Level-triggered: calls back at each iteration of the event loop while the queue is not empty. */
  readable(fd: number, callback: () => void): Disposable {
    if (!this.#open.has(fd)) {
      throw new Error(`descriptor ${fd} is not open`);
    }
    this.#watchers.set(fd, callback);
    // Keeps the process alive, as a real watch does.
    const alive = setInterval(nothing, 0x7fffffff);
    this.#schedule(fd);
    return {
      [Symbol.dispose]: () => {
        clearInterval(alive);
        if (this.#watchers.get(fd) === callback) {
          this.#watchers.delete(fd);
        }
      },
    };
  }

  /** Calls back every watch of a descriptor whose queue is not empty. */
  turn(): void {
    for (const fd of [...this.#watchers.keys()]) {
      this.#wake(fd);
    }
  }

  #enqueue(fd: number, socket: Socket, message: Uint8Array): void {
    const { chargedAtLeast, messagesAtMost } = this.#layout.behaviour;
    const charge = (bytes: Uint8Array) => Math.max(bytes.byteLength, chargedAtLeast);
    const used = socket.queue.reduce((sum, each) => sum + charge(each), 0);
    const full = socket.queue.length >= (messagesAtMost ?? Number.POSITIVE_INFINITY);
    if (socket.desync || full || used + charge(message) > socket.rcvbuf) {
      socket.lost ||= socket.reportsLoss;
      socket.desync ||= this.#layout.rtm.RTM_DESYNC !== null;
    } else {
      socket.queue.push(message);
    }
    this.#schedule(fd);
  }

  #schedule(fd: number): void {
    if (!this.#scheduled.has(fd)) {
      this.#scheduled.add(fd);
      setImmediate(() => {
        this.#scheduled.delete(fd);
        this.#wake(fd);
      });
    }
  }

  #wake(fd: number): void {
    const socket = this.#open.get(fd);
    const callback = this.#watchers.get(fd);
    if (
      socket !== undefined &&
      callback !== undefined &&
      (socket.lost || socket.desync || socket.queue.length > 0)
    ) {
      try {
        callback();
      } finally {
        this.#schedule(fd);
      }
    }
  }
}

function nothing(): void {}
