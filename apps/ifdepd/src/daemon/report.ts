import type { Effect, PolicyEvent, Reason, SourceReading, Transition } from '@ifdepd/policy';
import type { Log, LogEntry } from '../log/index.ts';
import type { Outcome } from './actuator.ts';
import type { Moment } from './decider.ts';
import { foreignChangeLine, foreignChanges } from './foreign-changes.ts';

/** Turns moments into lines, after the fact: the system calls are done by then. */
export interface Report {
  moment(moment: Moment): void;
  /** Any other line, in order with these. */
  line(entry: LogEntry): void;
  /** Writes what is waiting now. */
  flush(): void;
}

/** A source whose health or reason is another than before. */
interface SourceChange {
  readonly reading: SourceReading;
  /** Undefined for the first reading, which is no news. */
  readonly was: SourceReading | undefined;
}

/**
 * @param conditional how an action is told: `set` when done, `would be set` in a dry run
 * @param unenforced the groups of a destination that nobody enforces; empty for all others
 */
export function report(
  log: Log,
  conditional: 'set' | 'would be set' = 'set',
  unenforced?: (destination: string) => readonly string[],
): Report {
  const known = new Map<string, SourceReading>();
  const foreign = foreignChanges(unenforced);
  let waiting: (() => readonly LogEntry[])[] = [];

  /** Nothing is formatted here: this runs between one message and the next. */
  function later(entries: () => readonly LogEntry[]): void {
    if (waiting.length === 0) {
      setImmediate(flush);
    }
    waiting.push(entries);
  }

  function changesIn(event: PolicyEvent): readonly SourceChange[] {
    const changes: SourceChange[] = [];
    for (const reading of readingsIn(event)) {
      const was = known.get(reading.id);
      if (was?.health !== reading.health || was.reason !== reading.reason) {
        known.set(reading.id, reading);
        changes.push({ reading, was });
      }
    }
    return changes;
  }

  function flush(): void {
    const ready = waiting;
    waiting = [];
    for (const entries of ready) {
      for (const entry of entries()) {
        log.write(entry);
      }
    }
  }

  return {
    moment(moment) {
      const changes = changesIn(moment.event);
      const others = foreign.in(moment);
      if (changes.length + others.length + moment.transitions.length + moment.outcomes.length > 0) {
        later(() => [
          ...sourceLines(changes, moment.transitions),
          ...others.map(foreignChangeLine),
          ...momentLines(moment, conditional),
        ]);
      }
    },
    line: (entry) => later(() => [entry]),
    flush,
  };
}

function readingsIn(event: PolicyEvent): readonly SourceReading[] {
  switch (event.type) {
    case 'sources':
      return event.sources;
    case 'source':
      return [event.source];
    default:
      return [];
  }
}

/** A change that a transition blames matters to everyone, any other to -v. */
function sourceLines(
  changes: readonly SourceChange[],
  transitions: readonly Transition[],
): readonly LogEntry[] {
  const blamed = new Set(transitions.flatMap(({ blame }) => blame.map(({ id }) => id)));
  return changes.map(({ reading, was }): LogEntry => {
    const { id, health, reason } = reading;
    const from = was?.health ?? null;
    const before = was === undefined ? '' : `${from === health ? words(was) : from} -> `;
    return {
      event: 'source',
      level: blamed.has(id) ? 'notice' : 'info',
      message: `${id}: ${before}${words(reading)}`,
      fields: { source: id, from, to: health, reason },
      ...(was === undefined ? { quiet: true } : {}),
    };
  });
}

/** `active`, `failed (no carrier)` */
function words({ health, reason }: SourceReading): string {
  return health === 'active' ? health : `${health} (${reason})`;
}

function momentLines({ transitions, outcomes }: Moment, conditional: string): LogEntry[] {
  const acted = outcomes.some(({ changed, error }) => changed || error !== null);
  return [
    ...transitions.map((transition) => transitionLine(transition, acted)),
    ...actionLines(
      outcomes.filter(({ changed }) => changed),
      conditional,
    ),
    ...outcomes.flatMap(({ effect, error }) => (error === null ? [] : [failureLine(effect, error)])),
  ];
}

/** The action is the news; where nothing had to be set, the transition is. */
function transitionLine(transition: Transition, acted: boolean): LogEntry {
  const { group, from, to } = transition;
  return {
    event: 'transition',
    level: acted ? 'info' : 'notice',
    message: `${group}: ${from} -> ${to}${parenthesis(blameWords(transition))}`,
    fields: { group, from, to, blame: blameIds(transition) },
  };
}

/** One line for the destinations that were set the same way for the same reason. */
function actionLines(outcomes: readonly Outcome[], conditional: string): LogEntry[] {
  const together = new Map<string, { ids: string[]; kept: [string, number][]; effect: Effect }>();
  for (const { effect, kept } of outcomes) {
    const { to, because, destination } = effect;
    const key = JSON.stringify([to, because.group, because.cause, blameWords(because)]);
    const line = together.get(key) ?? { ids: [], kept: [], effect };
    line.ids.push(destination);
    if (kept !== null) {
      line.kept.push([destination, kept]);
    }
    together.set(key, line);
  }
  return [...together.values()].map(({ ids, kept, effect: { to, because } }) => ({
    event: because.cause === 'enforce' ? 'foreign-change' : 'action',
    level: because.cause === 'enforce' ? 'warning' : 'notice',
    message: `${ids.join(' ')}: ${causeWords(because, to)}${conditional} ${to}${again(because)} (${because.group}: ${blameWords(because)})`,
    fields: {
      destinations: ids,
      to,
      group: because.group,
      cause: because.cause,
      blame: blameIds(because),
      ...(kept.length === 0 ? {} : { kept: Object.fromEntries(kept) }),
      ...(conditional === 'set' ? {} : { dryRun: true }),
    },
  }));
}

function failureLine({ destination, to, because }: Effect, error: Error): LogEntry {
  return {
    event: 'action-failed',
    level: 'err',
    message: `${destination}: cannot be set ${to}, will be tried again (${because.group}: ${blameWords(because)}): ${error.message}`,
    fields: {
      destinations: [destination],
      to,
      group: because.group,
      blame: blameIds(because),
      code: 'code' in error ? error.code : 'ERR_INTERNAL',
    },
  };
}

function causeWords({ cause }: Reason, to: 'up' | 'down'): string {
  switch (cause) {
    case 'arrival':
      return 'appeared, ';
    case 'enforce':
      return to === 'down' ? 'raised by someone else, ' : 'lowered by someone else, ';
    default:
      return '';
  }
}

function again({ cause }: Reason): string {
  return cause === 'enforce' ? ' again' : '';
}

/** `em0 bge0 failed`; `all sources active` is said by naming them. */
function blameWords({ blame }: { readonly blame: Transition['blame'] }): string {
  const healths = [...new Set(blame.map(({ health }) => health))];
  return healths
    .map((health) => {
      const ids = blame.filter((one) => one.health === health).map(({ id }) => id);
      return `${ids.join(' ')} ${health}`;
    })
    .join(', ');
}

function blameIds({ blame }: { readonly blame: Transition['blame'] }): readonly string[] {
  return blame.map(({ id }) => id);
}

function parenthesis(words: string): string {
  return words === '' ? '' : ` (${words})`;
}
