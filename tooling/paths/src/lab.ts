import { parseArgs } from 'node:util';
import { deaths } from './deaths/index.ts';
import { table, tooLate } from './report.ts';
import { runLab } from './run-lab.ts';
import { soak } from './soak.ts';

const usage = `usage: npm run lab:paths -- [--every MS] [--rounds N] [--quiet MS] [--death WORDS] [--soak PROBES]

  --every MS     milliseconds between two probes. Default: 1000
  --rounds N     how often every path dies. Default: 10
  --quiet MS     time before each round in which nothing may happen. Default: 5000
  --death WORDS  only deaths with these words in their names
  --soak PROBES  send so many probes to a host that answers, beside a storm of links and busy loops, and count false alarms
`;

async function lab(
  program: string,
  options: Readonly<Record<'every' | 'rounds' | 'quiet' | 'death', string>>,
) {
  const chosen = deaths.filter(({ name }) => name.includes(options.death));
  const made = chosen.filter(({ fault }) => (fault?.() ?? null) === null);
  const report = await runLab({
    program,
    deaths: made,
    everyMs: Number(options.every),
    rounds: Number(options.rounds),
    quietMs: Number(options.quiet),
  });
  console.log(table(report));
  for (const { name, fault } of chosen.filter((death) => !made.includes(death))) {
    console.log(`\nnot made: ${name}: ${fault?.()}`);
  }
  const seconds = (report.quietMs / 1000).toFixed(0);
  console.log(
    `\n${seconds} s of quiet: ${report.falseAlarms.length} false alarms, ${(100 * report.share).toFixed(2)} % of a core`,
  );
  return [...report.falseAlarms, ...tooLate(report).map(({ source }) => `${source.name}: noticed too late`)];
}

async function soakTest(program: string, wanted: number) {
  const { probes, falseAlarms, stormPerSecond, seconds, share } = await soak(program, wanted);
  console.log(
    `${probes} probes in ${seconds.toFixed(0)} s: ${falseAlarms.length} false alarms; ${Math.round(stormPerSecond)} changes of links a ` +
      `second, a busy loop on every core; the daemon took ${(100 * share).toFixed(1)} % of a core`,
  );
  return falseAlarms;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '10' },
    quiet: { type: 'string', default: '5000' },
    death: { type: 'string', default: '' },
    soak: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [program = ''] = positionals;
if (values.help) {
  console.log(usage);
} else {
  const faults =
    values.soak === undefined ? await lab(program, values) : await soakTest(program, Number(values.soak));
  for (const fault of faults) {
    console.log(fault);
  }
  process.exitCode = faults.length === 0 ? 0 : 1;
}
