import { parseArgs } from 'node:util';
import { keepalivedFault } from '@ifdepd/netlab';
import { labEvents, runSetUp, type Trial } from './run-vrrp-lab.ts';
import { setUps } from './set-ups.ts';

const usage = `usage: npm run lab:vrrp -- [--trials N] [--set-up WORDS]

  --trials N      how often each event is made. Default: 5
  --set-up WORDS  only set-ups with these words in their names
`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `80 (95), 41 lost · back 0`: medians and the longest outage; an outage that lasted until the repair is named. */
function cell(trials: readonly Trial[]): string {
  const outages = trials.flatMap(({ outageMs }) => (outageMs === null ? [] : [outageMs]));
  const back = `back ${Math.round(median(trials.map(({ repairMs }) => repairMs)))}`;
  if (outages.length < trials.length) {
    return `until the repair${outages.length === 0 ? '' : ` in ${trials.length - outages.length} of ${trials.length}`} · ${back}`;
  }
  const longest = Math.round(Math.max(...outages));
  const lost = median(trials.map((one) => one.lost));
  return `${Math.round(median(outages))} (${longest}), ${lost} lost · ${back}`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    trials: { type: 'string', default: '5' },
    'set-up': { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
const [program = ''] = positionals;
const fault = keepalivedFault();
if (values.help) {
  console.log(usage);
} else if (fault !== null) {
  console.error(fault);
  process.exitCode = 1;
} else {
  console.log(`| outage in ms | ${labEvents.map(({ name }) => name).join(' | ')} |`);
  console.log(`|---|${'---|'.repeat(labEvents.length)}`);
  for (const setUp of setUps.filter(({ name }) => name.includes(values['set-up']))) {
    const options = { program, setUp, events: labEvents, trials: Number(values.trials), longestMs: 5000 };
    const trials = await runSetUp(options);
    const cells = labEvents.map(({ name }) => cell(trials.filter(({ event }) => event === name)));
    console.log(`| ${setUp.name} | ${cells.join(' | ')} |`);
  }
}
