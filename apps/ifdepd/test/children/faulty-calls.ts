// Every system call of a daemon fails with each of its errnos, over the kernel of this namespace. What was wrong, as JSON.
import { type Libc, loadLibc } from '@ifdepd/libc';
import { combinations, playAll, type Scenario, scenarioOf } from '../support/fault-sweep.ts';
import { Faults } from '../support/faults.ts';
import { reloadOfAll } from '../support/reload-of-all.ts';
import { startAndLoss } from '../support/start-and-loss.ts';

/** By call, as the manual pages of Linux name them. */
const ERRNOS = {
  socket: ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EPERM'],
  bind: ['EINVAL', 'ENOMEM', 'EPERM'],
  setsockopt: ['EPERM', 'ENOMEM', 'ENOBUFS'],
  getsockopt: ['ENOMEM', 'EPERM'],
  sendto: ['ENOBUFS', 'EAGAIN', 'EINTR', 'ENOMEM', 'ECONNREFUSED', 'EPERM'],
  recvfrom: ['ENOBUFS', 'EINTR', 'ENOMEM', 'EAGAIN', 'EIO'],
  ioctl: ['EIO', 'EBUSY', 'EPERM', 'ENOBUFS', 'EINTR', 'ENOMEM'],
  open: ['EMFILE', 'ENFILE', 'EACCES', 'ENOMEM', 'ENOENT'],
  pread: ['EIO', 'EINTR', 'EINVAL'],
  fcntl: ['EINVAL', 'EPERM'],
  flock: ['ENOLCK', 'EINTR', 'EAGAIN'],
  close: ['EIO', 'EINTR'],
} as const satisfies Partial<Record<keyof Libc, readonly string[]>>;

const real = loadLibc();
const numberOf = new Map(Object.entries(real.target.errno).map(([number, [name]]) => [name, Number(number)]));

/** The calls of which one fails. The descriptor is closed all the same, as Linux does. */
function faulty(call: keyof typeof ERRNOS, errno: string, faults: Faults): Libc {
  const failing = (...words: unknown[]): number => {
    const answer = -(numberOf.get(errno) ?? 0);
    if (!faults.strikes()) {
      return Reflect.apply(real[call], real, words);
    }
    if (call === 'close') {
      Reflect.apply(real.close, real, words);
    }
    return answer;
  };
  return { ...real, [call]: failing };
}

const kind = process.argv[2] === 'a reload' ? reloadOfAll : startAndLoss;
const scenarios: Scenario[] = [];
for (const [call, errnos] of Object.entries(ERRNOS)) {
  for (const { errno, period, passed } of combinations(kind, errnos)) {
    const faults = new Faults(passed);
    const libc = faulty(call as keyof typeof ERRNOS, errno, faults);
    const name = `${call} ${errno}, ${period} ${passed}`;
    scenarios.push(scenarioOf({ name, number: scenarios.length, period, faults, libc }));
  }
}

await playAll(kind, scenarios);
