import { parseArgs } from 'node:util';
import { enterNewNamespace } from '@ifdepd/netlab';
import { FAULTS, runChaos } from './chaos/run-chaos.ts';
import { chart, drawPng } from './chart.ts';
import { flood } from './flood.ts';
import { reactions } from './reaction.ts';
import { soak } from './soak.ts';

const FLOOD = { links: 5000, cycles: 10 };
const TRANSITIONS = 100_000;
const SAMPLES = 200;
const FAILOVERS = 3000;

const usage = `usage: npm run chaos -- [--seed N] [--minutes M] [--count FAULTS] [--fault R6]... [--picture FILE.png] [--reaction]
  --fault R18 is a flood of ${FLOOD.links} interfaces, ${FLOOD.cycles} times; --fault R19 a soak of ${TRANSITIONS} transitions,
  drawn into --picture; --reaction measures failovers under bad clients and busy loops (R13, R17); the others: ${FAULTS.map(({ id }) => id).join(' ')}. Default: those, for five minutes.`;

async function floodTable(program: string): Promise<boolean> {
  const { followed, samples } = await flood(program, FLOOD.links, FLOOD.cycles);
  console.log('| after cycle | resident memory | descriptors |\n|---|---|---|');
  for (const [cycle, { rss, descriptors }] of samples.entries()) {
    console.log(`| ${cycle} | ${(rss / 1e6).toFixed(1)} MB | ${descriptors} |`);
  }
  console.log(`\n${FLOOD.links} interfaces, ${FLOOD.cycles} times; ${followed} failovers followed`);
  return followed === 2 * FLOOD.cycles;
}

async function reactionTable(program: string): Promise<boolean> {
  const rows = await reactions(program, FAILOVERS);
  const [quiet] = rows;
  console.log('| while there is | p50 | p99 | longest | p50 to the first line |\n|---|---|---|---|---|');
  for (const { under, p50, p99, most } of rows) {
    const ratio = (p50 / (quiet?.p50 ?? Number.NaN)).toFixed(2);
    console.log(
      `| ${under} | ${p50.toFixed(2)} ms | ${p99.toFixed(2)} ms | ${most.toFixed(2)} ms | ${ratio}× |`,
    );
  }
  return true;
}

async function soakTable(program: string, picture: string | undefined): Promise<boolean> {
  const { wanted, reported, seen, samples, durationMs } = await soak(
    program,
    TRANSITIONS,
    TRANSITIONS / SAMPLES,
  );
  const late = samples.slice(samples.length / 2).map(({ rss }) => rss / 1e6);
  const [least, most] = [Math.min(...late), Math.max(...late)];
  console.log(
    `${wanted} transitions in ${Math.round(durationMs / 1000)} s: ${reported} reported, ${seen.join(' and ')} seen; in the second half ` +
      `${least.toFixed(1)} to ${most.toFixed(1)} MB resident, ` +
      `${[...new Set(samples.slice(1).map(({ descriptors }) => descriptors))].join(', ')} descriptors`,
  );
  if (picture !== undefined) {
    drawPng(
      chart(samples, `${wanted.toLocaleString('en-US')} transitions, Node ${process.version}`),
      picture,
    );
  }
  return reported === wanted && seen.every((count) => count === wanted);
}

async function faultTable(
  program: string,
  values: { seed: string; minutes: string; count: string; fault?: string[] | undefined },
): Promise<boolean> {
  const seed = Number(values.seed);
  const began = performance.now();
  const tallies = await runChaos({
    program,
    seed,
    faults: Number(values.count),
    durationMs: Number(values.minutes) * 60_000,
    ...(values.fault === undefined ? {} : { only: values.fault }),
    wrong: (report) => console.log(`${report}\n`),
  });
  const sum = tallies.reduce((total, { injected }) => total + injected, 0);
  const wrong = tallies.reduce((total, { wrongEnds }) => total + wrongEnds, 0);
  console.log('| | fault | injected | wrong end states | worst recovery |\n|---|---|---|---|---|');
  for (const { id, name, injected, wrongEnds, worstRecoveryMs } of tallies) {
    console.log(`| ${id} | ${name} | ${injected} | ${wrongEnds} | ${Math.round(worstRecoveryMs)} ms |`);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`\nseed ${seed}: ${sum} faults in ${seconds} s, ${wrong} of them in rounds that ended wrong`);
  return wrong === 0 && sum > 0;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '5' },
    count: { type: 'string', default: 'Infinity' },
    fault: { type: 'string', multiple: true },
    picture: { type: 'string' },
    reaction: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [program = ''] = positionals;
const known = [...FAULTS.map(({ id }) => id), 'R18', 'R19'];
if (values.help || values.fault?.some((id) => !known.includes(id)) === true) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 64;
} else {
  enterNewNamespace();
  const [only, ...more] = values.fault ?? [];
  const alone = more.length === 0;
  const right = values.reaction
    ? await reactionTable(program)
    : alone && only === 'R18'
      ? await floodTable(program)
      : alone && only === 'R19'
        ? await soakTable(program, values.picture)
        : await faultTable(program, values);
  process.exitCode = right ? 0 : 1;
}
