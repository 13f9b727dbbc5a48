import { cable, enterNewNamespace, ip } from '@ifdepd/netlab';
import { defaultRoute, type IpFamily, watchRoutes } from '@ifdepd/routewatch';
import { type Row, ratio } from './row.ts';
import { quantile, time } from './statistics.ts';

const BLOCKS = 5;
const PER_BLOCK = 100;
/** Calls of one sample: a single answer of a watch takes less than the clock can tell. */
const CALLS = 10_000;
const FAMILY: IpFamily = 'ipv4';

/** The default route of this host: from a watch, by one question, and by starting ip(8) and waiting for it, in turn. */
export function routeRows(): Row[] {
  enterNewNamespace();
  cable('em0');
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'em0');
  ip('route', 'add', 'default', 'via', '192.0.2.9');
  using watch = watchRoutes();
  const ways = {
    watch: { calls: CALLS, ask: () => watch.defaultRoute(FAMILY) },
    question: { calls: 1, ask: () => defaultRoute(FAMILY) },
    process: { calls: 1, ask: () => ip('route', 'show', 'default') },
  };
  const samples = { watch: [] as number[], question: [] as number[], process: [] as number[] };
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const name of ['watch', 'question', 'process'] as const) {
      for (let at = 0; at < PER_BLOCK; at += 1) {
        samples[name].push(microseconds(ways[name]));
      }
    }
  }
  const row = (quantity: string, own: readonly number[], share: number): Row => {
    const [reference, ours] = [quantile(samples.process, share), quantile(own, share)];
    return { quantity, reference: time(reference), ifdepd: time(ours), ratio: ratio(ours, reference) };
  };
  return [0.5, 0.99].flatMap((share) => [
    row(`default route from a watch (reference: ip route), p${share * 100}`, samples.watch, share),
    row(`default route by one question, p${share * 100}`, samples.question, share),
  ]);
}

function microseconds({ calls, ask }: { readonly calls: number; readonly ask: () => unknown }): number {
  const start = process.hrtime.bigint();
  for (let left = calls; left > 0; left -= 1) {
    if (ask() === null) {
      throw new Error('the default route is not known');
    }
  }
  return Number(process.hrtime.bigint() - start) / 1000 / calls;
}
