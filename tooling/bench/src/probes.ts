import { setTimeout as pause } from 'node:timers/promises';
import { openProbes } from '@ifdepd/probe';
import { type Row, ratio } from './row.ts';

const EVERY_MS = 1000;
const SETTLE_MS = 3000;
const MEASURED_MS = 20_000;

/** Pings of addresses of loopback. The reference is a Node whose timer wakes it once for each of them, and does nothing. */
export async function probeRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of [20, 200]) {
    const timer = setInterval(() => {}, EVERY_MS / count);
    const idle = await shareOfCore();
    clearInterval(timer);
    let answers = 0;
    const probes = openProbes();
    for (let at = 1; at <= count; at += 1) {
      const listener = {
        onResult({ type }: { readonly type: string }) {
          answers += Number(type === 'answered');
        },
      };
      probes.add({ kind: 'ping', host: `127.0.0.${at}`, everyMs: EVERY_MS }, listener);
    }
    const own = await shareOfCore();
    probes.close();
    const wanted = (count * MEASURED_MS) / EVERY_MS;
    if (answers < wanted) {
      throw new Error(`${answers} answers to pings of loopback, of ${wanted} and more`);
    }
    rows.push({
      quantity: `${count} pings a second: share of a core (reference: a Node that wakes up for each)`,
      reference: percent(idle),
      ifdepd: percent(own),
      ratio: ratio(own, idle),
    });
  }
  return rows;
}

async function shareOfCore(): Promise<number> {
  await pause(SETTLE_MS);
  const before = process.cpuUsage();
  const began = performance.now();
  await pause(MEASURED_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - began);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
