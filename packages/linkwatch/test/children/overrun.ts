// Like a daemon: a watch and nothing else. A burst overruns its tiny receive buffer; it has to live on, know the truth
// and see what comes later. Ends by itself when the watch is closed.
import { cable, enterNewNamespace, ip, ipBatch } from '@ifdepd/netlab';
import { watchLinks } from '../../src/index.ts';
import { print } from '../support/print.ts';

enterNewNamespace();
const eth0 = cable('eth0');
const watch = watchLinks({ receiveBufferBytes: 1 });

watch.subscribe((event) => {
  if (
    event.type === 'snapshot' &&
    event.cause === 'overrun' &&
    event.links.some(({ alias }) => alias === 'last')
  ) {
    print('knows');
    setImmediate(() => ip('link', 'add', 'later0', 'type', 'bridge'));
  } else if (event.type === 'arrived' && event.link.name === 'later0') {
    print(`sees ${watch.counters.overruns > 0}`);
    watch.close();
  }
});

ipBatch([
  ...Array.from({ length: 5000 }, (_, at) => `link set ${eth0.name} alias n${at}`),
  `link set ${eth0.name} alias last`,
]);
