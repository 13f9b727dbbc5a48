// A gateway: a NetBSD network stack with two cables, a carp interface on each, and the daemon that makes both follow
// either cable. Told by its parent what happens to the cables; tells it what its carps do.
import { netbsd7, watchLinks } from '@ifdepd/linkwatch';
import { netbsd8, openNetIf } from '@ifdepd/netif';
import { startDaemon } from 'ifdepd';
import type { HostOrder, HostReport } from './host-messages.ts';
import { netbsdStack } from './stack.ts';

const [library = '', segments = '', number = '1'] = process.argv.slice(2);
const stack = netbsdStack(library);
const { libc } = stack;
const tables = { links: netbsd7, netif: netbsd8 };
const netif = openNetIf({ libc, abi: tables.netif });
const cables = ['shmif0', 'shmif1'];

for (const [index, cable] of cables.entries()) {
  stack.create(cable);
  stack.plug(cable, `${segments}/${index}`);
  stack.address(cable, `10.0.${index}.${number}`);
  stack.link(cable, 'up');
  stack.create(`carp${index}`);
  // The first gateway is the preferred one.
  stack.vhid(`carp${index}`, cable, index + 1, Number(number) === 1 ? 0 : 100);
  stack.address(`carp${index}`, `10.0.${index}.100`);
}

const daemon = startDaemon({
  libc,
  tables,
  policy: { groups: { gateway: { require: { all: cables }, destinations: ['carp0', 'carp1'] } } },
  log: { write: (entry) => process.send?.({ type: 'log', message: entry.message }), close: async () => {} },
});
const watch = watchLinks({ libc, abi: tables.links });

function report(): void {
  const state = (name: string) => netif.carp(name)?.state ?? 'missing';
  const up = (name: string) => netif.flags(name).up;
  const told: HostReport = {
    type: 'state',
    carps: [state('carp0'), state('carp1')],
    up: [up('carp0'), up('carp1')],
    phase: daemon.status.groups[0]?.phase ?? 'none',
  };
  process.send?.(told);
}

watch.subscribe(report);
process.on('message', (order: HostOrder) => {
  stack.link(order.cable, order.state);
  report();
});
process.on('disconnect', () => process.exit(0));
