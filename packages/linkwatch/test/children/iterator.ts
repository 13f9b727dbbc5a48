// An async iterator and nothing else in the event loop: each step follows from the event before it.
import { cable, enterNewNamespace } from '@ifdepd/netlab';
import { health, watchLinks } from '../../src/index.ts';
import { print } from '../support/print.ts';

enterNewNamespace();
const eth0 = cable('eth0');
const watch = watchLinks();
const steps = ['active', 'failed', 'active'];

for await (const _ of watch) {
  if (health(watch.lookUp('eth0')).health === steps[0]) {
    print(String(steps.shift()));
    if (steps.length === 0) {
      break;
    }
    if (steps[0] === 'failed') {
      eth0.cut();
    } else {
      eth0.repair();
    }
  }
}
watch.close();
