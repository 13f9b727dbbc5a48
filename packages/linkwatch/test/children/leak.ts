// Started with --expose-gc: links come and go, round after round. Prints by how much the heap grew in the later ones.
import { enterNewNamespace, ipBatch, until } from '@ifdepd/netlab';
import { watchLinks } from '../../src/index.ts';
import { print } from '../support/print.ts';

const PAIRS = 200;
const ROUNDS = 12;
const WARM_UP = 4;

enterNewNamespace();
const watch = watchLinks();
watch.subscribe(() => undefined);
const iterator = watch[Symbol.asyncIterator]();
await iterator.next();

async function round(number: number): Promise<void> {
  const pairs = Array.from({ length: PAIRS }, (_, at) => at);
  ipBatch(
    pairs.flatMap((at) => [
      `link add a${number}-${at} type veth peer name b${number}-${at}`,
      `link set b${number}-${at} group 7`,
    ]),
  );
  await until('all', () => watch.links.size === 1 + 2 * PAIRS);
  ipBatch(['link del group 7']);
  await until('none', () => watch.links.size === 1);
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

let before = 0;
for (let number = 0; number < ROUNDS; number++) {
  await round(number);
  if (number === WARM_UP) {
    before = heap();
  }
}
print(JSON.stringify({ grown: heap() - before, links: 2 * PAIRS * (ROUNDS - WARM_UP - 1) }));
watch.close();
