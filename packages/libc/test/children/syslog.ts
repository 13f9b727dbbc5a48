// In a mount namespace of its own, with an empty file system on /dev: is the log daemon, and logs to itself. Started
// with --expose-gc. Prints the datagrams that arrived.
import { loadLibc, must, openSocket } from '../../src/index.ts';

const LOG_WARNING = 4;

const libc = loadLibc();
const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
const { LOG_PID, LOG_NDELAY, LOG_DAEMON } = libc.target.syslog;

const daemon = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, '/dev/log');
const address = new Uint8Array(110);
new DataView(address.buffer).setUint16(0, AF_UNIX, true);
address.set(new TextEncoder().encode('/dev/log'), 2);
must(libc, libc.bind(daemon.fd, address), 'bind', '/dev/log');

/** By another instance, which is garbage as soon as this returns: libc remembers the address all the same. */
function open(ident: string): void {
  loadLibc().openlog(ident, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

/** Writes over whatever the collector gives back. */
function churn(): void {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    Array.from({ length: 1000 }, () => new Uint8Array(16).fill(0x58));
  }
}

open('ifdepd-of-long-ago');
open('ifdepd');
churn();
libc.syslog(LOG_WARNING, 'eth0: 100%s %n sure');
libc.syslog(LOG_WARNING, 'Zürich → down\0never seen');
open('ifdepd-of-long-ago');
churn();
libc.syslog(LOG_WARNING, 'again');
libc.closelog();

const into = new Uint8Array(1024);
const datagrams: string[] = [];
for (;;) {
  const size = libc.recvfrom(daemon.fd, into, 0, null);
  if (size === -libc.target.errnoOf.EAGAIN) {
    break;
  }
  datagrams.push(new TextDecoder().decode(into.subarray(0, must(libc, size, 'recvfrom', '/dev/log'))));
}
process.stdout.write(JSON.stringify({ pid: process.pid, datagrams }));
