import { simulate } from '@ifdepd/policy';
import { readTimeline } from '../../../ifdepd/src/cli/commands/timeline.ts';
import { chart } from '../../../ifdepd/src/cli/output/chart.ts';
import { weighedGroups, withWeights } from '../../../ifdepd/src/cli/output/weighed-trace.ts';
import { compiled } from '../../../ifdepd/src/config/compiled-policy.ts';
import { ConfigError } from '../../../ifdepd/src/config/config-error.ts';
import { refuseEmpty } from '../../../ifdepd/src/config/config-text.ts';
import { parseSettings } from '../../../ifdepd/src/config/parse-settings.ts';
import { style } from '../../../ifdepd/src/log/style.ts';
import type { Incident } from '../../playground/outcome.ts';

/** What `ifdepd simulate` prints about an incident. */
export interface Answer {
  readonly errors: readonly string[];
  readonly transitions: readonly string[];
}

/** The mistakes and transitions that the daemon's own parts find, in this process. */
export function daemonAnswer({ configuration, timeline }: Incident): Answer {
  try {
    refuseEmpty('ifdepd.conf', configuration);
    const settings = parseSettings(configuration, 'ifdepd.conf');
    const policy = compiled(settings.policy);
    const read = readTimeline(timeline === '' ? '0 end' : timeline, 'timeline', policy);
    const trace = simulate(policy, read.timeline, {
      start: 0,
      ...(read.end === null ? {} : { until: read.end }),
    });
    const lines = chart(
      policy,
      withWeights(policy, trace.entries, weighedGroups(settings)),
      read.end,
      80,
      style(false),
    );
    return { errors: [], transitions: lines.slice(lines.indexOf('') + 1) };
  } catch (error) {
    if (error instanceof ConfigError) {
      return { errors: error.message.split('\n'), transitions: [] };
    }
    throw error;
  }
}
