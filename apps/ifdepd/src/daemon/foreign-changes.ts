import type { PolicyEvent } from '@ifdepd/policy';
import type { LogEntry } from '../log/index.ts';
import type { Moment } from './decider.ts';

/** Finds what somebody else did to a destination and nothing was done against. */
export interface ForeignChanges {
  /** Quick: runs between one message and the next. */
  in(moment: Pick<Moment, 'event' | 'outcomes'>): readonly ForeignChange[];
}

export interface ForeignChange {
  readonly id: string;
  readonly is: 'down' | 'missing';
}

/**
 * A destination that was up and is down, or gone, though we did not lower it. An administrator may do so while a group
 * is up, and it is respected: all the more must a log say why the destination is down.
 */
export function foreignChanges(): ForeignChanges {
  const known = new Map<string, { is: string; set: 'up' | 'down' | null }>();
  return {
    in({ event, outcomes }) {
      const found: ForeignChange[] = [];
      for (const { id, is } of readingsIn(event)) {
        const before = known.get(id);
        const acted = outcomes.some(({ effect }) => effect.destination === id);
        if (!acted && before !== undefined && isLoss(is) && before.is !== is && before.is !== 'missing') {
          // What a protocol reports late of our own lowering is no news.
          if (is === 'missing' || before.set !== 'down') {
            found.push({ id, is });
          }
        }
        known.set(id, { is, set: before?.set ?? null });
      }
      for (const { effect, answer } of outcomes) {
        if (answer.type === 'destination') {
          known.set(effect.destination, { is: answer.is, set: effect.to });
        }
      }
      return found;
    },
  };
}

/** `carp0: lowered by someone else` */
export function foreignChangeLine({ id, is }: ForeignChange): LogEntry {
  return {
    event: 'foreign-change',
    level: 'warning',
    message: `${id}: ${is === 'missing' ? 'is gone' : 'lowered by someone else'}`,
    fields: { destinations: [id], is },
  };
}

function isLoss(is: string): is is 'down' | 'missing' {
  return is === 'down' || is === 'missing';
}

function readingsIn(event: PolicyEvent): readonly { readonly id: string; readonly is: string }[] {
  switch (event.type) {
    case 'sources':
      return event.destinations ?? [];
    case 'destination':
      return [event];
    default:
      return [];
  }
}
