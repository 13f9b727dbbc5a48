// The first event makes the callback throw; the second is sent from the handler of that exception.
import { loadLibc } from '../../src/index.ts';
import { selfSocket } from '../support/self-socket.ts';

const libc = loadLibc();
const socket = selfSocket(libc);

process.on('uncaughtException', (error) => {
  process.stdout.write(`caught: ${error.message}\n`);
  socket.send('second');
});

const watch = libc.readable(socket.fd, () => {
  const [text] = socket.drain();
  if (text === 'first') {
    throw new Error('thrown by the callback');
  }
  process.stdout.write(`received: ${text}\n`);
  watch[Symbol.dispose]();
});
socket.send('first');
