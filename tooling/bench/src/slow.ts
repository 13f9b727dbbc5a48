import { ask } from '@ifdepd/faults';
import { enterNewNamespace, ip, ipBatch, monotonicMs, type SlowCall, slowSets } from '@ifdepd/netlab';
import { lineProcess } from './process.ts';
import { type Row, ratio } from './row.ts';
import { median, time } from './statistics.ts';

const DESTINATIONS = Array.from({ length: 40 }, (_, at) => `slow${at}`);
const RANGE = { leastMs: 5, mostMs: 50 };
/** Cuts and repairs of the source while the daemon is stopped, before the last cut. */
const BLINKS = 1000;
const ROUNDS = 5;

/** Microseconds of one round. */
interface Slow {
  /** From the last event until the last destination is down. */
  readonly settled: number;
  /** The longest answer of the control socket meanwhile. */
  readonly answer: number;
  /** One call that sets a destination. */
  readonly call: number;
}

const lasted = ({ began, ended }: SlowCall): number => (ended - began) * 1000;

/** A backlog of events before forty destinations of which each takes between 5 and 50 ms to be set. */
async function round(program: string, folder: string): Promise<Slow> {
  enterNewNamespace();
  ipBatch(
    ['em0', ...DESTINATIONS].flatMap((name) => [
      `link add ${name} type veth peer name ${name}-x`,
      `link set ${name}-x up`,
      `link set ${name} up`,
    ]),
  );
  const slow = slowSets(folder);
  const socket = `${folder}/control.sock`;
  const words = ['-v', '-s', socket, '-S', 'em0', '-D', DESTINATIONS.join(':')];
  const env = Object.entries(slow.env).map(([name, value]) => `${name}=${value}`);
  const command = ['env', ...env, process.execPath, ...slow.options, program, ...words] as const;
  // What the kernel fails over by itself needs none of the daemon's calls.
  await using daemon = lineProcess([...command, '--kernel-failover', 'off'], 'stderr');
  while (!/: ready: /.test(await daemon.next())) {
    // Lines before it.
  }
  slow.take(RANGE);
  process.kill(daemon.pid, 'SIGSTOP');
  ipBatch(Array.from({ length: 2 * BLINKS }, (_, at) => `link set em0-x ${at % 2 === 0 ? 'down' : 'up'}`));
  ip('link', 'set', 'em0-x', 'down');
  const last = monotonicMs();
  process.kill(daemon.pid, 'SIGCONT');
  let answer = 0;
  while (slow.calls().length < DESTINATIONS.length) {
    const asked = monotonicMs();
    await ask(socket, '/v1/status');
    answer = Math.max(answer, (monotonicMs() - asked) * 1000);
  }
  const calls = slow.calls();
  const settled = ((calls.at(-1)?.ended ?? Number.NaN) - last) * 1000;
  return { settled, answer, call: median(calls.map(lasted)) };
}

/** R20 of the table of faults: slow destinations, as ratios to one call that sets one. */
export async function slowRows(program: string, folder: string): Promise<Row[]> {
  const rounds: Slow[] = [];
  for (let left = ROUNDS; left > 0; left -= 1) {
    rounds.push(await round(program, `${folder}/slow${left}`));
  }
  const call = median(rounds.map((one) => one.call));
  const row = (quantity: string, own: number): Row => ({
    quantity: `R20 ${DESTINATIONS.length} destinations that take ${RANGE.leastMs} to ${RANGE.mostMs} ms (reference: one set call), ${quantity}`,
    reference: time(call),
    ifdepd: time(own),
    ratio: ratio(own, call),
  });
  return [
    row('last of 2,001 events → right state, p50', median(rounds.map((one) => one.settled))),
    row('longest answer of the control socket meanwhile, p50', median(rounds.map((one) => one.answer))),
  ];
}
