import { join } from 'node:path';
import { enterNewNamespace, ip } from '@ifdepd/netlab';
import { type Footprint, footprint } from './footprint.ts';
import { absent, lines } from './node-line.ts';
import type { Row } from './row.ts';

/** Milliseconds before a process is expected to sleep, and how long it is measured. */
const [SETTLE, PERIOD] = [30_000, 20_000];

const IDLE = 'setInterval(() => {}, 2 ** 31 - 1)';

/** P6 on each Node line. All processes are measured at the same time: none of them does anything. */
export async function idleRows(program: string, folder: string): Promise<Row[]> {
  const rows = lines.map(async ({ name, path }) => {
    if (path === null) {
      return [absent(`P6 ${name}, idle`)];
    }
    enterNewNamespace();
    ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'em0-x');
    ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
    const home = join(folder, name);
    const directories = [`RUNTIME_DIRECTORY=${home}`, `STATE_DIRECTORY=${home}`];
    const daemon = [path, program, '-v', '-S', 'em0', '-D', 'carp0'];
    const [bare, own] = await Promise.all([
      footprint([path, '-e', IDLE], SETTLE, PERIOD),
      footprint(['env', ...directories, ...daemon], SETTLE, PERIOD),
    ]);
    return rowsOf(name, bare, own);
  });
  return (await Promise.all(rows)).flat();
}

function rowsOf(name: string, bare: Footprint, own: Footprint): Row[] {
  const megabytes = (of: 'rssKiB' | 'privateKiB') => ({
    reference: `${(bare[of] / 1024).toFixed(1)} MB`,
    ifdepd: `${(own[of] / 1024).toFixed(1)} MB`,
    ratio: `+${((own[of] - bare[of]) / 1024).toFixed(1)} MB`,
  });
  const wakeUps = ({ wakeUps, cpuTicks }: Footprint) => `${wakeUps}, ${cpuTicks}`;
  return [
    { quantity: `P6 ${name}, idle: RSS (reference: node, waiting for a timer)`, ...megabytes('rssKiB') },
    { quantity: `P6 ${name}, idle: private memory`, ...megabytes('privateKiB') },
    {
      quantity: `P6 ${name}, idle: threads`,
      reference: `${bare.threads}`,
      ifdepd: `${own.threads}`,
      ratio: '',
    },
    {
      quantity: `P6 ${name}, idle: wake-ups of the main thread, ticks of CPU in ${PERIOD / 1000} s`,
      reference: wakeUps(bare),
      ifdepd: wakeUps(own),
      ratio: '',
    },
  ];
}
