import { expect, test } from 'vitest';
import { AGREEMENT_LIMIT_MS, agreement, type Differences } from '../src/chaos/agreement.ts';

/** A time that passes only while it is waited for, and what a daemon says at each moment. */
function daemon(at: (now: number) => Differences) {
  let now = 0;
  const clock = {
    now: () => now,
    async wait(ms: number) {
      now += ms;
    },
  };
  return {
    ended: () => agreement(async () => at(now), clock),
    get now() {
      return now;
    },
  };
}

const none: Differences = { wrong: [], attemptInMs: null };

test('a difference that the daemon plans to mend after the longest backoff is waited for', async () => {
  const attempt = 30_000;
  const one = daemon((now) =>
    now < attempt + 20 ? { wrong: ['carp0 is up'], attemptInMs: Math.max(0, attempt - now) } : none,
  );
  expect(await one.ended()).toEqual([]);
  expect(one.now).toBe(attempt + 20);
});

test('a difference for which no attempt is planned is final after the limit', async () => {
  const one = daemon(() => ({ wrong: ['carp0 is up'], attemptInMs: null }));
  expect(await one.ended()).toEqual(['carp0 is up']);
  expect(one.now).toBe(AGREEMENT_LIMIT_MS + 5);
});

test('a daemon that always plans another attempt is not waited for without end', async () => {
  const one = daemon(() => ({ wrong: ['carp0 is up'], attemptInMs: 30_000 }));
  expect(await one.ended()).toEqual(['carp0 is up']);
  expect(one.now).toBeLessThanOrEqual(4 * AGREEMENT_LIMIT_MS);
});

test('an agreement counts when it is seen twice in a row', async () => {
  let asked = 0;
  const one = daemon(() => {
    asked += 1;
    return asked === 2 ? { wrong: ['carp0 is up'], attemptInMs: null } : none;
  });
  expect(await one.ended()).toEqual([]);
  expect(asked).toBe(4);
});
