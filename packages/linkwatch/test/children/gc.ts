// Started with --expose-gc: nothing here holds the watch, and garbage is collected before each event.
import { enterNewNamespace, ip } from '@ifdepd/netlab';
import { watchLinks } from '../../src/index.ts';
import { print } from '../support/print.ts';

const ROUNDS = 5;
let seen = 0;

function watch(): void {
  const links = watchLinks();
  links.subscribe((event) => {
    if (event.type === 'arrived') {
      seen += 1;
      if (seen === ROUNDS) {
        print(`seen ${seen}`);
        links.close();
      } else {
        setImmediate(collectAndAdd);
      }
    }
  });
}

function collectAndAdd(): void {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
  }
  ip('link', 'add', `br${seen}`, 'type', 'bridge');
}

enterNewNamespace();
watch();
setImmediate(collectAndAdd);
