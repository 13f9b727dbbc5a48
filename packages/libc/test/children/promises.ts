// A promise that only the callback resolves, awaited with nothing else in the loop.
import { loadLibc } from '../../src/index.ts';
import { selfSocket } from '../support/self-socket.ts';

const libc = loadLibc();
const socket = selfSocket(libc);
socket.send('datagram');

let watch: Disposable | undefined;
const text = await new Promise<string>((resolve) => {
  watch = libc.readable(socket.fd, () => resolve(socket.drain().join()));
});
await new Promise<void>((resolve) => process.nextTick(resolve));
process.stdout.write(`${text} delivered\n`);
watch?.[Symbol.dispose]();
