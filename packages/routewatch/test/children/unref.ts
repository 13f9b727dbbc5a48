// A watch that is unreferenced lets the process end; one that is not would keep it.
import { watchRoutes } from '../../src/index.ts';

watchRoutes().unref();
const held = watchRoutes().unref().ref();
setTimeout(() => {
  process.stdout.write('held\n');
  held.close();
}, 20).unref();
