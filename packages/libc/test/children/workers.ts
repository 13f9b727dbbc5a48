// Worker threads that end in the middle of their watch, in a process whose main thread never loads the C library.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loadLibc } from '../../src/index.ts';
import { selfSocket } from '../support/self-socket.ts';

/** The way in which a thread ends. */
const ends = ['terminated', 'terminated amid events', 'exits', 'throws', 'disposes'] as const;
type End = (typeof ends)[number];

if (isMainThread) {
  for (const end of ends) {
    for (let round = 0; round < 4; round += 1) {
      await threadThat(end);
    }
    process.stdout.write(`${end}\n`);
  }
} else {
  watch(workerData as End);
}

async function threadThat(end: End): Promise<void> {
  const thread = new Worker(new URL(import.meta.url), { workerData: end });
  const ended = new Promise((resolve) => thread.once('exit', resolve));
  thread.on('error', () => undefined);
  await new Promise((resolve) => thread.once('message', resolve));
  if (end.startsWith('terminated')) {
    await thread.terminate();
  }
  await ended;
}

function watch(end: End): void {
  const libc = loadLibc();
  const socket = selfSocket(libc);
  const watching = libc.readable(socket.fd, () => {
    const texts = socket.drain();
    if (end === 'terminated amid events') {
      socket.send('more');
    } else if (end === 'exits') {
      process.exit(0);
    } else if (end === 'throws') {
      throw new Error('as it should');
    } else if (end === 'disposes') {
      watching[Symbol.dispose]();
    }
    parentPort?.postMessage(texts.join());
  });
  if (end === 'exits' || end === 'throws') {
    parentPort?.postMessage('watches');
  }
  socket.send('first');
}
