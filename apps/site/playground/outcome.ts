import {
  type Explanation,
  explain,
  graph,
  type Policy,
  type Status,
  simulate,
  step,
  type Trace,
} from '@ifdepd/policy';
import { readTimeline } from '../../ifdepd/src/cli/commands/timeline.ts';
import { toText } from '../../ifdepd/src/cli/output/graph-text.ts';
import { transitionLines } from '../../ifdepd/src/cli/output/trace-lines.ts';
import { weighedGroups, withWeights } from '../../ifdepd/src/cli/output/weighed-trace.ts';
import { compiled } from '../../ifdepd/src/config/compiled-policy.ts';
import { ConfigError } from '../../ifdepd/src/config/config-error.ts';
import { configText, refuseEmpty } from '../../ifdepd/src/config/config-text.ts';
import { parseSettings } from '../../ifdepd/src/config/parse-settings.ts';
import type { Settings } from '../../ifdepd/src/config/settings.ts';

/** What somebody works on: both texts are those of `ifdepd simulate -f CONFIGURATION TIMELINE`. */
export interface Incident {
  readonly configuration: string;
  /** '' where nothing happens. */
  readonly timeline: string;
}

/** Names of the two texts in messages. */
export const NAMES = { configuration: 'ifdepd.conf', timeline: 'timeline' } as const;

/** What comes of an incident, up to a time. */
export interface Outcome {
  readonly policy: Policy;
  readonly trace: Trace;
  /** Milliseconds from the start. */
  readonly now: number;
  /** When the whole timeline ends, with every deadline after it unless it says when it ends. */
  readonly end: number;
  readonly status: Status;
  readonly explanation: Pick<Explanation, 'groups' | 'destinations'>;
  readonly lines: readonly string[];
  readonly graph: string;
}

/** The settings of a configuration. @throws {ConfigError} as the daemon does */
export function settingsOf(configuration: string): Settings {
  const text = configText(NAMES.configuration, new TextEncoder().encode(configuration));
  refuseEmpty(NAMES.configuration, text);
  return parseSettings(text, NAMES.configuration);
}

/**
 * The outcome of an incident as the daemon decides it.
 *
 * @param now when it is looked at; null: at its end
 * @throws {ConfigError} with everything that is wrong with the configuration, or with the timeline
 */
export function outcomeOf({ configuration, timeline }: Incident, now: number | null): Outcome {
  const settings = settingsOf(configuration);
  const policy = compiled(settings.policy);
  const written = timeline.trim() === '' ? '0 end' : timeline;
  const read = readTimeline(written, NAMES.timeline, policy);
  const whole = simulate(policy, read.timeline, {
    start: 0,
    ...(read.end === null ? {} : { until: read.end }),
  });
  const end = Math.max(read.end ?? 0, ...whole.entries.map(({ at }) => at));
  const trace =
    now === null
      ? whole
      : simulate(
          policy,
          read.timeline.filter(({ at }) => at <= now),
          { start: 0, until: now },
        );
  const { state } = step(policy, trace.state, { type: 'tick' }, Math.max(now ?? end, trace.state.now));
  const explanation = explain(policy, state);
  return {
    policy,
    trace,
    now: now ?? end,
    end,
    status: explanation,
    explanation,
    lines: transitionLines(withWeights(policy, trace.entries, weighedGroups(settings))),
    graph: toText(graph(policy)),
  };
}

/** The mistakes of an incident, one a line, as the daemon writes them. */
export function mistakesIn(error: unknown): readonly string[] {
  if (error instanceof ConfigError) {
    return error.message.split('\n');
  }
  throw error;
}
