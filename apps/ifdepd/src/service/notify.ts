import { type Libc, openSocket } from '@ifdepd/libc';
import { type Log, notice, printable } from '../log/index.ts';
import { realLoop } from '../system/loop.ts';
import { longestUnixPath, unixAddress } from '../system/unix-address.ts';

/** Reports the state of the daemon to the service manager: the protocol of sd_notify(3). */
export interface Notifier extends Disposable {
  /** `READY=1`, `STATUS=…`. */
  send(...assignments: readonly string[]): void;
  /** Reports that a reload begins, with the time that systemd asks for. */
  reloading(): void;
}

const SILENT: Notifier = { send() {}, reloading() {}, [Symbol.dispose]() {} };

/**
 * The service manager of NOTIFY_SOCKET; without one, nothing is sent. With WATCHDOG_USEC it also gets a sign of life, twice
 * in that time.
 */
export function serviceManager(libc: Libc, log: Log): Notifier {
  const path = process.env['NOTIFY_SOCKET'] ?? '';
  if (path === '' || libc.target.platform !== 'linux') {
    return SILENT;
  }
  const address = unixAddress(libc.target, path);
  if (address === null) {
    const message = `NOTIFY_SOCKET '${path}': must be an absolute path or '@' and a name, of at most ${longestUnixPath(libc.target)} bytes`;
    notice(log, 'warning', message);
    return SILENT;
  }
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'NOTIFY_SOCKET');
  // Programs of hooks and checks must not report in our name.
  delete process.env['NOTIFY_SOCKET'];

  let closed = false;

  function send(...assignments: readonly string[]): void {
    // A reload may end after the stop.
    if (!closed) {
      // A failure is ignored: the manager does not listen.
      libc.sendto(socket.fd, new TextEncoder().encode(assignments.map(printable).join('\n')), 0, address);
    }
  }

  const watchdog = Number(process.env['WATCHDOG_USEC'] ?? 0);
  const ours = [undefined, String(process.pid)].includes(process.env['WATCHDOG_PID']);
  const timer =
    watchdog > 0 && ours ? realLoop.setTicker(() => send('WATCHDOG=1'), watchdog / 2000) : undefined;
  return {
    send,
    reloading: () => send('RELOADING=1', `MONOTONIC_USEC=${Math.floor(realLoop.now() * 1000)}`),
    [Symbol.dispose]() {
      closed = true;
      realLoop.clearTicker(timer);
      socket.close();
    },
  };
}
