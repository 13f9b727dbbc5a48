// One call of each shape there is in the table, right and wrong: what they answered, as JSON.
import { loadLibc, openSocket } from '../../src/index.ts';
import { openRing } from '../../src/linux/index.ts';
import { listOfLinks, waitingSocket } from '../support/ring-sockets.ts';
import { selfSocket } from '../support/self-socket.ts';

const libc = loadLibc();
const { AF_INET, SOCK_DGRAM, SOL_SOCKET, SO_RCVBUF } = libc.target.socket;
const SIOCGIFFLAGS = 0x8913;
/** asm-generic/fcntl.h */
const O_CLOEXEC = 0x80000;

/** One line, `Linux`, from its start and from its fourth byte. */
function readTwice(): readonly (number | string)[] {
  const fd = libc.open('/proc/sys/kernel/ostype', O_CLOEXEC);
  const bytes = new Uint8Array(4);
  const whole = libc.pread(fd, bytes, 0);
  const text = new TextDecoder().decode(bytes);
  const rest = libc.pread(fd, bytes, 4);
  libc.close(fd);
  return [whole, text, rest];
}

/** The results of two calls that the kernel made one after the other; null without io_uring. */
function pairOfCalls(): readonly number[] | null {
  using ring = openRing(libc, 2);
  using waiting = waitingSocket(libc);
  using netlink = openSocket(libc, 16, 3, 0, 'rtnetlink socket');
  const message = libc.pin(64);
  const request = libc.pin(32);
  request.bytes.set(listOfLinks);
  ring?.chain([
    { operation: 'recv', fd: waiting.fd, memory: message, length: 64, token: 1 },
    { operation: 'send', fd: netlink.fd, memory: request, length: 32, token: 2 },
  ]);
  waiting.send('now');
  const results: number[] = [];
  ring?.reap((_token, result) => results.push(result));
  return ring === null ? null : results;
}

const socket = selfSocket(libc);
const ifreq = new Uint8Array(40);
ifreq.set(new TextEncoder().encode('lo'));
const control = libc.socket(AF_INET, SOCK_DGRAM, 0);
const flags = libc.ioctl(control, SIOCGIFFLAGS, ifreq);
socket.send('from itself');
const into = new Uint8Array(64);
const from = new Uint8Array(110);
const names = libc.if_nameindex();

process.stdout.write(
  JSON.stringify({
    unknownFamily: libc.socket(4095, SOCK_DGRAM, 0),
    flags,
    loopback: (ifreq[16] ?? 0) & 8,
    unknownInterface: libc.ioctl(control, SIOCGIFFLAGS, new Uint8Array(40).fill(0x78, 0, 4)),
    unknownRequest: libc.ioctl(socket.fd, 0xc0906911, ifreq),
    option: libc.getsockopt(socket.fd, SOL_SOCKET, SO_RCVBUF, new Uint8Array(4)),
    received: libc.recvfrom(socket.fd, into, 0, from),
    sender: from[0],
    nothing: libc.recvfrom(socket.fd, into, 0, null),
    first: typeof names === 'number' ? names : names[0],
    missing: libc.sysctl([1, 1], null, null),
    file: readTwice(),
    noFile: libc.open('/proc/self/nothing', O_CLOEXEC),
    pair: pairOfCalls(),
    closed: [libc.close(control), libc.close(control)],
  }),
);
