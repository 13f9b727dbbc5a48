// Referenced again, the only watch keeps the process alive until something comes; unreferenced, it lets the process end.
import { loadLibc } from '../../src/index.ts';
import { selfSocket } from '../support/self-socket.ts';

const libc = loadLibc();
const socket = selfSocket(libc);

const watch = libc.readable(socket.fd, () => {
  socket.drain();
  process.stdout.write('called\n');
  watch.unref?.();
});
watch.unref?.();
watch.ref?.();
setTimeout(() => socket.send('one'), 20).unref();
process.on('exit', (code) => process.stdout.write(`ended with ${code}\n`));
