import { type Libc, openSocket } from '@ifdepd/libc';
import type { Log } from '../log/index.ts';

/** sys/socket.h and struct sockaddr_un of Linux: the family at 0, the path at 2. */
const AF_UNIX = 1;
const SUN_PATH = 2;
const SUN_PATH_SIZE = 108;

/** Tells the service manager how the daemon is doing: the protocol of sd_notify(3). */
export interface Notifier extends Disposable {
  /** `READY=1`, `STATUS=…`. */
  send(...assignments: readonly string[]): void;
  /** Says that a reload begins; systemd wants to know when. */
  reloading(): void;
}

const SILENT: Notifier = { send() {}, reloading() {}, [Symbol.dispose]() {} };

/**
 * The service manager that NOTIFY_SOCKET names; one that hears nothing where there is none. Where WATCHDOG_USEC asks for
 * it, it is told twice as often that the daemon is alive.
 */
export function serviceManager(libc: Libc, log: Log): Notifier {
  const path = process.env['NOTIFY_SOCKET'] ?? '';
  if (path === '' || libc.target.platform !== 'linux') {
    return SILENT;
  }
  const address = addressOf(path);
  if (address === null) {
    const message = `NOTIFY_SOCKET '${path}': must be an absolute path or '@' and a name, of at most ${SUN_PATH_SIZE - 1} bytes`;
    log.write({ event: 'notice', level: 'warning', message });
    return SILENT;
  }
  const { SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'NOTIFY_SOCKET');
  // A program that hooks and checks start must not speak for us.
  delete process.env['NOTIFY_SOCKET'];

  function send(...assignments: readonly string[]): void {
    // A manager that does not listen is its own problem.
    libc.sendto(socket.fd, new TextEncoder().encode(assignments.join('\n')), 0, address);
  }

  const watchdog = Number(process.env['WATCHDOG_USEC'] ?? 0);
  const ours = [undefined, String(process.pid)].includes(process.env['WATCHDOG_PID']);
  const timer = watchdog > 0 && ours ? setInterval(() => send('WATCHDOG=1'), watchdog / 2000) : undefined;
  return {
    send,
    reloading: () => send('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    [Symbol.dispose]() {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** A struct sockaddr_un; an abstract name begins with a NUL, and ends where the address does. */
function addressOf(path: string): Uint8Array | null {
  const name = new TextEncoder().encode(path);
  if (!/^[/@]./.test(path) || name.byteLength >= SUN_PATH_SIZE) {
    return null;
  }
  const address = new Uint8Array(SUN_PATH + name.byteLength + (path.startsWith('@') ? 0 : 1));
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, SUN_PATH);
  if (path.startsWith('@')) {
    address[SUN_PATH] = 0;
  }
  return address;
}
