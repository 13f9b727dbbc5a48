import type { PolicyEvent, SourceReading } from '@ifdepd/policy';
import type { Decision } from '../engine/policy-loop.ts';
import type { Log, LogEntry } from '../log/index.ts';
import { type Loop, realLoop } from '../system/loop.ts';
import { decisionLines, type SourceChange, sourceLines } from './decision-lines.ts';
import { type EnforcementOf, foreignChangeLine, foreignChanges } from './foreign-changes.ts';

/** Turns decisions into lines, after the fact: the system calls are done by then. */
export type Report = ReturnType<typeof report>;

const NOTHING_READ: PolicyEvent = { type: 'tick' };

/** How long lines about what is being set wait for the rest of it. */
const LONGEST_PARTS_MS = 1000;

/**
 * @param conditional how an action is reported: `set` when done, `would be set` in a dry run
 * @param enforcement the rules about changes of a destination by other programs
 * @param isLeftAlone whether a destination must not be set at present
 * @param loop writes the lines later. Default: that of this process
 */
export function report(
  log: Log,
  conditional: 'set' | 'would be set' = 'set',
  enforcement?: EnforcementOf,
  isLeftAlone?: (destination: string) => boolean,
  loop: Loop = realLoop,
) {
  const known = new Map<string, SourceReading>();
  const foreign = foreignChanges(enforcement, isLeftAlone);
  let waiting: (() => readonly LogEntry[])[] = [];
  /** What was set of events so far, where there is more to be set. */
  const parts = new Map<PolicyEvent, Decision>();
  /** Events of which more is to be reported: by then, what they have read is past. */
  const read = new WeakSet<PolicyEvent>();

  /** Nothing is formatted here: this runs between one message and the next. */
  function later(entries: () => readonly LogEntry[]): void {
    if (waiting.length === 0) {
      loop.defer(flush);
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

  /** Writes what is waiting now. */
  function flush(): void {
    const ready = waiting;
    waiting = [];
    for (const entries of ready) {
      for (const entry of entries()) {
        log.write(entry);
      }
    }
  }

  /** One line for what belongs together, though it took several turns: null while it may become more. */
  function whole(decision: Decision): Decision | null {
    const { event } = decision;
    const before = parts.get(event);
    const all =
      before === undefined
        ? decision
        : {
            ...decision,
            transitions: [...before.transitions, ...decision.transitions],
            outcomes: [...before.outcomes, ...decision.outcomes],
          };
    if (decision.unfinished && decision.ended - decision.began < LONGEST_PARTS_MS) {
      parts.set(event, all);
      return null;
    }
    parts.delete(event);
    return all;
  }

  return {
    decision(decision: Decision): void {
      const fresh = read.has(decision.event) ? { ...decision, event: NOTHING_READ } : decision;
      if (decision.unfinished) {
        read.add(decision.event);
      }
      const changes = changesIn(fresh.event);
      const others = foreign.in(fresh);
      const all = whole(decision);
      if (changes.length + others.length + (all?.transitions.length ?? 0) + (all?.outcomes.length ?? 0) > 0) {
        later(() => [
          ...sourceLines(changes, decision.transitions),
          ...others.map(foreignChangeLine),
          ...(all === null ? [] : decisionLines(all, conditional)),
        ]);
      }
    },
    inPhase: foreign.inPhase,
    /** The next readings say again why each source has failed: the rules are others. */
    restate(): void {
      for (const { id, health } of known.values()) {
        if (health === 'failed') {
          known.delete(id);
        }
      }
    },
    /** Any other line, in order with these. */
    line: (entry: LogEntry): void => later(() => [entry]),
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
