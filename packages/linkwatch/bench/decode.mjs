// Measures the cost of a message, without and with the system call. Run `npm run build` first, then `npm run bench`.
// The budget: 3 µs to decode an RTM_NEWLINK of 1.5 kB and to compare it with the table. Figures of different machines,
// or of different minutes on a shared one, do not compare.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { loadLibc } from '@ifdepd/libc';
import { watchLinks } from '@ifdepd/linkwatch';
import { scriptedBackend } from '@ifdepd/linkwatch/testing';

const ROUNDS = 7;
const CLONE_NEWNET = 0x40000000;

function print(line) {
  process.stdout.write(`${line}\n`);
}

const { steps } = JSON.parse(readFileSync(new URL('../test/fixtures/linux.json', import.meta.url), 'utf8'));
const captured = (name) =>
  steps.find((step) => step.name === name).datagrams.map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

/** The median of several rounds, in microseconds for each message. */
function measure(messages, round) {
  const times = [];
  for (let at = 0; at < ROUNDS; at++) {
    const start = performance.now();
    round();
    times.push(((performance.now() - start) * 1000) / messages);
  }
  return times.sort((one, other) => one - other)[ROUNDS >> 1];
}

/** Feeds the datagrams in turn through a watch with one listener. */
function feed(datagrams) {
  const PER_WAKE = 4000;
  const WAKES = 50;
  const system = scriptedBackend();
  let left = 0;
  let wake;
  let events = 0;
  const nothing = { type: 'nothing' };
  const received = datagrams.map((bytes) => ({ type: 'bytes', bytes, length: bytes.byteLength }));
  const watch = watchLinks({
    backend: {
      ...system,
      receive: () => (left > 0 ? received[left-- % received.length] : system.receive()) ?? nothing,
      onReadable(callback) {
        wake = callback;
        return { [Symbol.dispose]: () => undefined };
      },
    },
  });
  watch.subscribe(() => {
    events++;
  });
  const round = () => {
    for (let at = 0; at < WAKES; at++) {
      left = PER_WAKE;
      wake();
    }
  };
  round();
  const microseconds = measure(PER_WAKE * WAKES, round);
  watch.close();
  return { microseconds, events };
}

/** Messages that wait in a real socket, read in one go. */
function drain() {
  const libc = loadLibc();
  if (libc.unshare(CLONE_NEWNET) < 0) {
    return null;
  }
  const MESSAGES = 2000;
  const ip = (words, input) => execFileSync('ip', words.split(' '), input === undefined ? {} : { input });
  ip('link add eth0 type veth peer name sw0');
  ip('link set eth0 up');
  const watch = watchLinks({ receiveBufferBytes: 32 * 1024 * 1024 });
  const lines = Array.from({ length: MESSAGES }, (_, at) => `link set eth0 alias n${at}\n`).join('');
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = watch.counters.messages;
    ip('-batch -', lines);
    const start = performance.now();
    watch.resync();
    times.push(((performance.now() - start) * 1000) / (watch.counters.messages - before));
  }
  const { overruns } = watch.counters;
  watch.close();
  return { microseconds: times.sort((one, other) => one - other)[ROUNDS >> 1], overruns };
}

const [lost] = captured('carrier lost').slice(-1);
const [back] = captured('carrier back').slice(-1);
const [plain] = captured('pair up').slice(2, 3);
const [plainDown] = captured('veth pair').slice(1, 2);
const bridgePort = captured('port joins').find((bytes) => bytes.byteLength < 1000);

const rows = [
  ['1.5 kB, nothing new', feed([plain])],
  ['1.5 kB, each a change, one listener', feed([plain, plainDown])],
  ['1.9 kB with altname, alias and port data, each a change', feed([lost, back])],
  ['0.4 kB of family AF_BRIDGE: the header look', feed([bridgePort])],
];
print(`${cpus()[0]?.model.trim()}, ${process.version}, median of ${ROUNDS} rounds`);
print('µs/message  messages/s');
for (const [what, { microseconds, events }] of rows) {
  const rate = Math.round(1e6 / microseconds).toLocaleString('en');
  print(`${microseconds.toFixed(2).padStart(10)}  ${rate.padStart(10)}  ${what} (${events} events)`);
}
const real = drain();
if (real === null) {
  print('not measured: recvfrom in a network namespace needs root');
} else {
  const rate = Math.round(1e6 / real.microseconds).toLocaleString('en');
  print(
    `${real.microseconds.toFixed(2).padStart(10)}  ${rate.padStart(10)}  1.5 kB, recvfrom included, each a change (${real.overruns} overruns)`,
  );
}
