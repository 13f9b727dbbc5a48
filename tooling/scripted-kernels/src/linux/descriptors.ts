import { isReadable, type NetlinkSocketState } from './netlink-sockets.ts';
import type { SysfsFile } from './sysfs.ts';

/** What a descriptor of a scripted process is. */
export type Descriptor =
  | { readonly is: 'netlink'; readonly socket: NetlinkSocketState }
  | { readonly is: 'control' }
  | { readonly is: 'file'; readonly file: SysfsFile };

/** The open descriptors, and who waits for them. Level-triggered, as poll(2). */
export class Descriptors {
  readonly #open = new Map<number, Descriptor>();
  readonly #watchers = new Map<number, () => void>();
  readonly #scheduled = new Set<number>();
  readonly #defer: (callback: () => void) => void;
  #next = 100;

  /** @param defer calls back in a later turn of the event loop */
  constructor(defer: (callback: () => void) => void) {
    this.#defer = defer;
  }

  add(descriptor: Descriptor): number {
    const fd = this.#next++;
    this.#open.set(fd, descriptor);
    return fd;
  }

  get(fd: number): Descriptor | undefined {
    return this.#open.get(fd);
  }

  /** Every netlink socket, the youngest first: the order in which a message reaches them. */
  get sockets(): readonly NetlinkSocketState[] {
    return [...this.#open.values()]
      .flatMap((descriptor) => (descriptor.is === 'netlink' ? [descriptor.socket] : []))
      .reverse();
  }

  close(fd: number): boolean {
    this.#watchers.delete(fd);
    return this.#open.delete(fd);
  }

  watch(fd: number, callback: () => void): Disposable {
    if (!this.#open.has(fd)) {
      throw new Error(`descriptor ${fd} is not open`);
    }
    this.#watchers.set(fd, callback);
    // Keeps the process alive, as a real watch does.
    const alive = setInterval(() => undefined, 0x7fffffff);
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

  /** Something was queued somewhere: what is readable is called back in the next turn. */
  changed(): void {
    for (const fd of this.#watchers.keys()) {
      if (this.#isReadable(fd)) {
        this.#schedule(fd);
      }
    }
  }

  /** Calls back every watch of a readable descriptor. */
  turn(): void {
    for (const fd of [...this.#watchers.keys()]) {
      this.#wake(fd);
    }
  }

  #isReadable(fd: number): boolean {
    const descriptor = this.#open.get(fd);
    return descriptor?.is === 'netlink' && isReadable(descriptor.socket);
  }

  #schedule(fd: number): void {
    if (!this.#scheduled.has(fd)) {
      this.#scheduled.add(fd);
      this.#defer(() => {
        this.#scheduled.delete(fd);
        this.#wake(fd);
      });
    }
  }

  #wake(fd: number): void {
    const callback = this.#watchers.get(fd);
    if (callback !== undefined && this.#isReadable(fd)) {
      try {
        callback();
      } finally {
        this.#schedule(fd);
      }
    }
  }
}
