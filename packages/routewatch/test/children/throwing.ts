// A listener that throws stops neither the other listener nor the watch, and its exception reaches uncaughtException.
import { watchRoutes } from '../../src/index.ts';

const watch = watchRoutes();
process.on('uncaughtException', (error) => {
  process.stdout.write(`caught: ${error.message}\n`);
  watch.close();
});
watch.subscribe(() => {
  throw new Error('thrown by a listener');
});
watch.subscribe((event) => process.stdout.write(`other: ${event.type}\n`));
