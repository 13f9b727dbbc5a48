import { scriptedLibc } from '@ifdepd/libc/testing';
import { datagram, done, linkRecord, newLink } from '@ifdepd/linkwatch/testing';

const EAGAIN = 11;
const IFF_UP = 1;
/** linux/sockios.h */
const [SIOCGIFFLAGS, SIOCSIFFLAGS] = [0x8913, 0x8914];

/** A write to a flag, when it began, and how the sources were then. */
export interface Write {
  readonly at: number;
  readonly name: string;
  readonly to: 'up' | 'down';
  readonly failed: readonly string[];
}

/** Links of Linux that a socket reports, and destinations whose flag takes its time to be set. */
export interface ScriptedLinux {
  readonly libc: ReturnType<typeof scriptedLibc>;
  readonly writes: readonly Write[];
  /** The sources that have no carrier now. */
  readonly failed: ReadonlySet<string>;
  /** With which errno flags cannot be read; null: they can. */
  refusal: number | null;
  /** How many messages wait to be read. */
  readonly unread: number;
  /** The time of this kernel in milliseconds: it passes while a flag is set, and when a test lets it. */
  now(): number;
  /** Lets time pass. */
  pass(ms: number): void;
  isUp(name: string): boolean;
  /** Another program sets an interface up, reported when the socket is read. As in the kernel, the VLANs on it go up with it. */
  raise(name: string): void;
  /** Another program sets an interface down, and with it the VLANs on it that are up. */
  lower(name: string): void;
  /** Makes an interface a VLAN on another one. */
  putOn(name: string, parent: string): void;
  /** A source gets or loses its carrier; reported when the socket is read. */
  carrier(name: string, to: 'up' | 'down'): void;
  /** Has the socket read, as the event loop would. */
  wake(): void;
}

/**
 * @param setMs how long it takes to set a flag
 * @param during called while one is set: what happens then is reported before the next read
 */
export function scriptedLinux(
  sources: readonly string[],
  destinations: readonly string[],
  setMs: () => number,
  during: (kernel: Pick<ScriptedLinux, 'carrier'>) => void = () => {},
): ScriptedLinux {
  const names = [...sources, ...destinations];
  const up = new Set(names);
  const failed = new Set<string>();
  const losses = new Map<string, number>();
  const queue: Uint8Array[] = [];
  const writes: Write[] = [];
  let clock = 1000;
  /** On which the latest daemon has asked for a list. */
  let linkSocket = 0;

  const parents = new Map<string, string>();
  const indexOf = (name: string) => names.indexOf(name) + 2;
  const vlansOn = (parent: string) => [...parents].flatMap(([name, one]) => (one === parent ? [name] : []));

  function setAdmin(name: string, to: 'up' | 'down'): void {
    if (up.has(name) === (to === 'up')) {
      return;
    }
    if (to === 'up') {
      up.add(name);
    } else {
      up.delete(name);
    }
    // Reported before what follows from it: __dev_notify_flags() in net/core/dev.c.
    queue.push(datagram(message(name)));
    for (const vlan of vlansOn(name)) {
      setAdmin(vlan, to);
    }
  }

  function message(name: string, header = {}): Uint8Array {
    const carrier = !failed.has(name);
    const carrierDownCount = losses.get(name) ?? 0;
    const below = parents.get(name);
    const facts = {
      index: indexOf(name),
      name,
      carrier,
      adminUp: up.has(name),
      carrierDownCount,
      ...(below === undefined ? {} : { kind: 'vlan', linkIndex: indexOf(below) }),
    };
    return newLink(linkRecord(facts), header);
  }

  const kernel = {
    carrier(name: string, to: 'up' | 'down') {
      if (failed.has(name) === (to === 'up')) {
        if (to === 'up') {
          failed.delete(name);
        } else {
          failed.add(name);
          losses.set(name, (losses.get(name) ?? 0) + 1);
        }
        queue.push(datagram(message(name)));
      }
    },
  };

  const libc = scriptedLibc(
    {
      bind: () => 0,
      if_nameindex: () => names.map((name) => ({ index: indexOf(name), name })),
      setsockopt: () => 0,
      sendto(fd, bytes) {
        linkSocket = fd;
        const sequence = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
        const list = { sequence, multi: true };
        queue.push(datagram(...names.map((name) => message(name, list)), done(list)));
        return bytes.byteLength;
      },
      recvfrom(_fd, into) {
        const next = queue.shift();
        into.set(next ?? []);
        return next?.byteLength ?? -EAGAIN;
      },
      ioctl(_fd, request, ifreq) {
        const name = new TextDecoder().decode(ifreq.subarray(0, ifreq.indexOf(0)));
        const view = new DataView(ifreq.buffer, ifreq.byteOffset, ifreq.byteLength);
        if (request === SIOCGIFFLAGS && all.refusal !== null) {
          return -all.refusal;
        }
        if (request === SIOCGIFFLAGS) {
          view.setUint16(16, up.has(name) ? IFF_UP : 0, true);
        } else if (request === SIOCSIFFLAGS) {
          const to = (view.getUint16(16, true) & IFF_UP) === 0 ? 'down' : 'up';
          writes.push({ at: clock, name, to, failed: [...failed] });
          clock += setMs();
          during(kernel);
          if (to === 'up') {
            up.add(name);
          } else {
            up.delete(name);
          }
          queue.push(datagram(message(name)));
        }
        return 0;
      },
    },
    { keepCalls: false },
  );

  const all: ScriptedLinux = {
    libc,
    refusal: null,
    writes,
    failed,
    get unread() {
      return queue.length;
    },
    now: () => clock,
    pass(ms) {
      clock += ms;
    },
    isUp: (name) => up.has(name),
    ...kernel,
    raise: (name) => setAdmin(name, 'up'),
    lower: (name) => setAdmin(name, 'down'),
    putOn: (name, parent) => void parents.set(name, parent),
    wake() {
      libc.wake(linkSocket);
    },
  };
  return all;
}
