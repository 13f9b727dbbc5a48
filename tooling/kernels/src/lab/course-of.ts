import type { Observation } from '../agent/messages.ts';
import { parsed } from './daemon.ts';
import { flagBits } from './links.ts';

/** How many lines of the daemons' logs a failed scenario repeats. */
const LAST_LINES = 30;

/**
 * How a scenario came to its end: the last lines that the daemons have logged, and between them each change of a link's flags
 * that the kernel reported, in the order in which the agent saw them.
 *
 * @param observations those of the scenario
 * @param daemons their process ids
 * @returns lines; '' where no daemon has logged any
 */
export function courseOf(observations: readonly Observation[], daemons: readonly number[]): string {
  const logged = observations.filter((one) => one.see === 'line' && daemons.includes(one.pid));
  const [first] = logged.slice(-LAST_LINES);
  if (first === undefined) {
    return '';
  }
  const last = new Map<string, string>();
  const lines = observations.map((one) => {
    if (one.see === 'link') {
      const state = stateOf(one);
      const changed = last.get(one.name) !== state;
      last.set(one.name, state);
      return changed ? `  kernel ${one.at.toFixed(0)} ms: ${one.name} ${state}` : '';
    }
    if (one.see === 'line' && daemons.includes(one.pid)) {
      const { time = '', msg = '' } = parsed(one.text);
      return `  ifdepd ${time}: ${msg}`;
    }
    return '';
  });
  const course = lines.slice(observations.indexOf(first)).filter((line) => line !== '');
  return ['The log of the daemon, and the messages of the kernel meanwhile, end:', ...course].join('\n');
}

function stateOf({ gone, flags }: Extract<Observation, { see: 'link' }>): string {
  if (gone) {
    return 'deleted';
  }
  const words = Object.entries(flagBits).map(([name, bit]) => ((flags & bit) === 0 ? `no ${name}` : name));
  return words.join(', ');
}
