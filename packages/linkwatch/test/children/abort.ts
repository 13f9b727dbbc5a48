// An aborted iterator rejects although nothing else ever happens; the process then ends by itself.
import { enterNewNamespace } from '@ifdepd/netlab';
import { watchLinks } from '../../src/index.ts';
import { print } from '../support/print.ts';

enterNewNamespace();
const controller = new AbortController();
try {
  for await (const event of watchLinks({ signal: controller.signal })) {
    print(event.type);
    setImmediate(() => controller.abort(new Error('enough')));
  }
} catch (error) {
  print(String(error));
}
