import { readFileSync } from 'node:fs';
import { simulate } from '@ifdepd/policy';
import { compiled } from '../../config/compiled-policy.ts';
import { loadOnce } from '../../config/load-once.ts';
import type { Settings } from '../../config/settings.ts';
import { onHost } from '../../identity/identities.ts';
import { patternMembers } from '../../identity/pattern-members.ts';
import { absolutePath } from '../../system/directories.ts';
import { ExitCode, ExitError, messageOf, UsageError } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { chart } from '../output/chart.ts';
import { printAs } from '../output/print.ts';
import { columns, style } from '../output/terminal.ts';
import { weighedGroups, withWeights } from '../output/weighed-trace.ts';
import { interfacesIn, readTimeline } from './timeline.ts';

/** `ifdepd simulate`: a timeline through a configuration. */
export function simulateCommand({ values, positionals }: CommandWords<'simulate'>): number {
  const [file] = positionals;
  if (values.config === undefined || file === undefined) {
    throw new UsageError("'simulate' needs -f FILE, the configuration, and a timeline");
  }
  if (values.config === '-' && file === '-') {
    throw new UsageError('standard input is either the configuration or the timeline, not both');
  }
  const written = loadOnce(values.config);
  const text = textOf(file);
  const settings = onInterfaces(written, interfacesIn(text));
  const policy = compiled(settings.policy);
  const { timeline, end } = readTimeline(text, file, policy);
  const trace = simulate(policy, timeline, { start: 0, ...(end === null ? {} : { until: end }) });
  const weighed = withWeights(policy, trace.entries, weighedGroups(settings));
  printAs(values.json, weighed, () => chart(policy, weighed, end, Math.min(columns(), 200), style()));
  return ExitCode.ok;
}

/** The settings on a host of which no more is known than the names of its interfaces. */
function onInterfaces(written: Settings, names: readonly string[]): Settings {
  const host = names.map((name, index) => ({
    index,
    name,
    altNames: [],
    loopback: false,
    hardware: () => null,
  }));
  const interfaceOf = (name: string) => host.find((one) => one.name === name) ?? null;
  return onHost(written, patternMembers(written, host, interfaceOf), interfaceOf);
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : absolutePath(file), 'utf8');
  } catch (error) {
    throw new ExitError(ExitCode.config, `${file}: cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
