// A watch that is unreferenced lets the process end, by messages and by polling; one that is referenced again keeps it.
import { watchLinks } from '../../src/index.ts';
import { print } from '../support/print.ts';

watchLinks().unref();
watchLinks({ backend: 'polling' }).unref();
const held = watchLinks().unref().ref();
setTimeout(() => {
  print('held');
  held.close();
}, 20).unref();
