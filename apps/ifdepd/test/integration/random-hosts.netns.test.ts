import { askStatus, type Random, random } from '@ifdepd/faults';
import { ip, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { type HostState, hostState, isSettled } from '../support/host-state.ts';
import { daemon, runToEnd, socket } from '../support/program.ts';
import { type RandomHost, randomHost } from '../support/random-host.ts';

/** Hosts for each seed: some second each on an idle machine. */
const HOSTS = 8;

// A seed that once ended wrong belongs here.
test.each([1, 2, 20261129])(
  'random hosts with seed %i: what check warns of happens when the daemon acts, and nothing else does',
  async (seed) => {
    const numbers = random(seed);
    for (let round = 0; round < HOSTS; round += 1) {
      await compare(numbers);
    }
  },
  300_000,
);

/** What is done with a host. */
interface Trial {
  readonly host: RandomHost;
  readonly before: HostState;
  readonly destinations: readonly string[];
  /** A source besides `s0`; null for none. */
  readonly other: string | null;
  /** The words of the daemon. */
  readonly words: readonly string[];
  /** All of it, to try it again by hand. */
  readonly about: string;
}

/** What `check` says of a host, or what becomes of it. */
type Verdict = Readonly<Record<(typeof CODES)[number], boolean>>;

const CODES = [
  'kernel-loop',
  'ipv6-flushed',
  'default-route',
  'routes-lost',
  'neighbours-lost',
  'carrier-stays',
  'never-fails',
] as const;

async function compare(numbers: Random): Promise<void> {
  const host = randomHost(numbers);
  await until('the host to settle', isSettled);
  const before = hostState();
  const working = host.names.filter((name) => before.carriers.has(name));
  const first = numbers.pick(working);
  const second = numbers.pick(working);
  const destinations =
    numbers.chance(0.4) && !host.protodown.includes(first) ? [...new Set([first, second])] : [first];
  const picked = numbers.pick(working);
  const other = destinations.includes(picked) || numbers.chance(0.4) ? null : picked;
  const action =
    destinations.length === 1 && host.protodown.includes(first) && numbers.chance(0.5)
      ? 'protodown'
      : 'admin';
  const words = [
    ...['--action', action, '-S', other === null ? 's0' : `s0:${other}`],
    ...['-D', destinations.join(':')],
  ];
  const { stdout } = await runToEnd(['check', '--json', ...words]);
  const { findings } = JSON.parse(stdout) as { findings: { code: string; message: string }[] };
  const about = [...host.script, ['ifdepd', ...words].join(' '), stdout].join('\n');
  const predicted = Object.fromEntries(
    CODES.map((code) => [code, findings.some((one) => one.code === code)]),
  );
  const trial: Trial = { host, before, destinations, other, words, about };
  const loop = predicted['kernel-loop'] === true;
  const happened = await failover(trial, loop);
  const neverFails = loop ? predicted['never-fails'] : other !== null && (await staysActive(other));
  expect({ ...happened, 'never-fails': neverFails }, about).toEqual(predicted);
}

/** The loss of `s0`, and its return. */
async function failover(trial: Trial, loop: boolean): Promise<Omit<Verdict, 'never-fails'>> {
  const { before, destinations, other, words, about } = trial;
  await using _running = await daemon(words);
  const areUp = () => destinations.map((name) => hostState().carriers.has(name));
  ip('link', 'set', 's0-x', 'down');
  await until(`${destinations} to be set down\n${about}`, () => !areUp().includes(true));
  await until(`the host to settle\n${about}`, isSettled);
  const during = hostState();
  ip('link', 'set', 's0-x', 'up');
  if (loop) {
    await untilFailed([other ?? ''], about);
  } else {
    await until(`${destinations} to be set up again\n${about}`, () => !areUp().includes(false));
  }
  const after = hostState();
  const isLess = (now: HostState, what: keyof HostState) =>
    [...before[what]].some((one) => !now[what].has(one));
  return {
    'kernel-loop': destinations.some((name) => !after.carriers.has(name)),
    'ipv6-flushed': isLess(after, 'addresses'),
    'default-route': isLess(during, 'defaults'),
    'routes-lost': isLess(after, 'routes'),
    'neighbours-lost': isLess(after, 'neighbours'),
    'carrier-stays': trial.host.stacked.some(
      ({ name, lower }) =>
        destinations.includes(lower) && !destinations.includes(name) && during.carriers.has(name),
    ),
  };
}

/** Waits until these sources and no others have failed, by what the daemon says. */
async function untilFailed(sources: readonly string[], about: string): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    const { groups } = await askStatus(socket);
    const failed = groups[0]?.sources.filter(({ health }) => health === 'failed').map(({ id }) => id);
    if (JSON.stringify(failed) === JSON.stringify(sources)) {
      return;
    }
    if (performance.now() > end) {
      throw new Error(`no loop: ${JSON.stringify(groups)}\n${about}`);
    }
  }
}

/** Whether an interface has its carrier still when all cables are cut. */
async function staysActive(name: string): Promise<boolean> {
  for (const cable of ['s0', 'e0', 'e1', 'e2']) {
    ip('link', 'set', `${cable}-x`, 'down');
  }
  await until('the host to settle', isSettled);
  return hostState().carriers.has(name);
}
