// Started with --expose-gc: five events, a forced garbage collection before each. Only `readable` holds the watch.
import { loadLibc } from '../../src/index.ts';
import { selfSocket } from '../support/self-socket.ts';

const libc = loadLibc();
const socket = selfSocket(libc);
let received = 0;

function watch(): void {
  libc.readable(socket.fd, () => {
    received += socket.drain().length;
    if (received === 5) {
      process.stdout.write('received 5\n', () => process.exit(0));
    } else {
      setImmediate(collectAndSend);
    }
  });
}

function collectAndSend(): void {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
  }
  socket.send('event');
}

watch();
setImmediate(collectAndSend);
