import { type Effect, type Policy, type PolicyEvent, type Step, start, step } from '@ifdepd/policy';

/** What is down at last after everything was active, and then some sources failed. Delays pass. */
export function downAfter(policy: Policy, sources: readonly string[], failed: readonly string[]): string[] {
  const is = new Map<string, 'up' | 'down'>();
  let now = 0;
  let last: Step = start(policy, now);
  const take = (event: PolicyEvent): void => {
    last = step(policy, last.state, event, now);
    for (const { destination, to } of last.effects as readonly Effect[]) {
      is.set(destination, to);
      take({ type: 'destination', id: destination, is: to });
    }
  };
  const read = (bad: readonly string[]): void => {
    take({
      type: 'sources',
      complete: true,
      sources: sources.map((id) => ({ id, health: bad.includes(id) ? 'failed' : 'active', reason: 'test' })),
    });
    while (last.nextDeadline !== null && last.nextDeadline < 600_000 + now) {
      now = Math.max(now, last.nextDeadline);
      take({ type: 'tick' });
    }
  };
  read([]);
  read(failed);
  return [...is].filter(([, to]) => to === 'down').map(([id]) => id);
}
