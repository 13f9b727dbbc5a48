// An iterator delivers with nothing else in the loop, ends where the watch is closed, and rejects where it is aborted.
import { watchRoutes } from '../../src/index.ts';

const watch = watchRoutes();
for await (const event of watch) {
  process.stdout.write(`${event.type}\n`);
  watch.close();
}
const controller = new AbortController();
const aborted = watchRoutes({ signal: controller.signal });
controller.abort(new Error('enough'));
try {
  for await (const event of aborted) {
    process.stdout.write(`${event.type}\n`);
  }
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
