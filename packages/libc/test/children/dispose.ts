// Disposes inside the callback, twice, with something still to be read: no second call, and the process ends.
import { loadLibc } from '../../src/index.ts';
import { selfSocket } from '../support/self-socket.ts';

const libc = loadLibc();
const socket = selfSocket(libc);
socket.send('one');
socket.send('two');

const watch = libc.readable(socket.fd, () => {
  process.stdout.write('called\n');
  watch[Symbol.dispose]();
  watch[Symbol.dispose]();
  socket[Symbol.dispose]();
});
process.on('exit', (code) => process.stdout.write(`ended with ${code}\n`));
