import type { PolicyEvent } from '@ifdepd/policy';
import type { Operated, Operation } from '../control/routes.ts';
import { listed } from '../log/index.ts';
import type { Running } from './running.ts';

/** Does what an operator asks of a group, and writes it to the log and the journal. */
export function operate(
  { daemon, log, loop }: Pick<Running, 'daemon' | 'log' | 'loop'>,
  group: string,
  operation: Operation,
  forMs: number | null,
): Operated {
  const found = daemon.status.groups.find(({ name }) => name === group);
  if (found === undefined) {
    return 'unknown';
  }
  const { phase, latched, requirement, blame } = found;
  const until = forMs === null ? {} : { until: loop.now() + forMs };

  function done(event: PolicyEvent, words: string, wasSo = false): Operated {
    daemon.feed(event);
    const span = 'until' in event && forMs !== null ? ` for ${forMs / 1000} s` : '';
    const message = `${group}: ${words} by an operator${span}`;
    const fields = { group, operation, ...('until' in event && { forMs }) };
    log.write({ event: 'pause', level: 'notice', message, fields });
    return wasSo ? 'unchanged' : 'done';
  }

  switch (operation) {
    case 'pause':
      return done({ type: 'pause', group, ...until }, 'paused', phase === 'paused');
    case 'down':
      return done({ type: 'drain', group, ...until }, 'drained', phase === 'drained');
    case 'resume':
      return phase === 'paused' ? done({ type: 'resume', group }, 'resumed') : 'unchanged';
    case 'up':
      return phase === 'drained' ? done({ type: 'resume', group }, 'drain ended') : 'unchanged';
    case 'restore':
      if (latched && requirement === 'failed' && phase === 'down') {
        return { refused: `${group} cannot be restored yet: ${listed(blame.map(({ id }) => id))} failed` };
      }
      return latched ? done({ type: 'restore', group }, 'restored') : 'unchanged';
  }
}
