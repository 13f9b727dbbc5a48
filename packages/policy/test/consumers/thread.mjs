import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) {
  new Worker(new URL(import.meta.url)).on('message', (data) => process.stdout.write(data));
} else {
  globalThis.postMessage = (data) => parentPort.postMessage(data);
  await import('./worker.mjs');
}
