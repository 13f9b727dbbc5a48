import { expect, test } from 'vitest';
import { type Criteria, Judge, type ProbeResult } from '../../src/index.ts';

const lost: ProbeResult = { type: 'unanswered' };
const answer = (rttMs = 1): ProbeResult => ({ type: 'answered', rttMs });

/** A judge that has seen one result a second. */
function judged(criteria: Criteria, ...results: readonly ProbeResult[]): Judge {
  const judge = new Judge(criteria);
  results.forEach((result, at) => {
    judge.observe(result, 1000 * at);
  });
  return judge;
}

test('a verdict is unknown until answers or failures have come in a row', () => {
  expect(judged({}, answer(), lost, answer(), lost)).toMatchObject({ verdict: 'unknown' });
  expect(judged({}, answer(), answer())).toMatchObject({ verdict: 'active' });
  expect(judged({}, lost, lost)).toMatchObject({ verdict: 'failed' });
  const three = { fall: 3 };
  expect(judged(three, answer(), lost, answer(), lost, lost)).toMatchObject({ verdict: 'unknown' });
  expect(judged(three, lost, lost, lost)).toMatchObject({ verdict: 'failed' });
});

test('the reason of a run tells how many, and since when', () => {
  expect(judged({}, answer(), lost, lost, lost).reason(3400)).toBe('3 of 3 probes unanswered for 2.4 s');
  const refused = judged({ fall: 2 }, lost, { type: 'refused', why: 'HTTP 503' });
  expect(refused.reason(2000)).toBe('2 of 2 probes failed for 2.0 s: HTTP 503');
});

test('the reasons of limits tell the measured value and the limit', () => {
  const loss = judged({ window: 10, loss: 0.1 }, answer(), lost, answer(), lost);
  expect(loss.reason(0)).toBe('2 of 4 probes lost (50 %), limit 10 %');
  const slow = judged({ window: 2, latencyMs: 150 }, answer(200), answer(220));
  expect(slow.reason(0)).toBe('mean round trip 210 ms over 2 probes, limit 150 ms');
  expect(judged({}, answer(0.416), answer(0.424)).reason(0)).toBe('answers in 0.42 ms');
});

test('loss is over its limit as soon as no later answer could mend the window', () => {
  const limit = { window: 20, loss: 0.2, fall: 10 };
  expect(judged(limit, answer(), answer(), lost, lost, lost, lost).verdict).toBe('active');
  expect(judged(limit, answer(), answer(), lost, lost, lost, lost, lost).verdict).toBe('failed');
});

test('a lossy target comes back with half of its limit in a full window', () => {
  const limit = { window: 4, loss: 0.5, fall: 4, rise: 1 };
  const failed = [lost, lost, answer(), lost];
  expect(judged(limit, ...failed).verdict).toBe('failed');
  expect(judged(limit, ...failed, answer(), answer()).verdict).toBe('active');
  expect(judged(limit, ...failed, answer(), lost).verdict).toBe('failed');
});

test('a slow target comes back under nine tenths of its limit', () => {
  const limit = { window: 2, latencyMs: 100, rise: 1 };
  expect(judged(limit, answer(150), answer(150), answer(95), answer(95)).verdict).toBe('failed');
  expect(judged(limit, answer(150), answer(150), answer(90), answer(90)).verdict).toBe('active');
});

test('a probe that cannot be sent is no failure, and as many in a row as make one leave no verdict', () => {
  const unsent: ProbeResult = { type: 'unsent', why: 'no buffer space available (ENOBUFS)' };
  expect(judged({ fall: 3 }, answer(), answer(), unsent, unsent).verdict).toBe('active');
  const judge = judged({ fall: 3 }, answer(), answer(), unsent, unsent, unsent);
  expect(judge.verdict).toBe('unknown');
  expect(judge.reason(0)).toBe('cannot probe: no buffer space available (ENOBUFS)');
  judge.observe(answer(), 0);
  expect(judge.reason(0)).toBe('no verdict yet');
});

test('a restart keeps the verdict, and counts from the beginning', () => {
  const judge = judged({ fall: 3 }, answer(), answer(), lost, lost);
  judge.restart();
  judge.observe(lost, 0);
  expect(judge).toMatchObject({
    verdict: 'active',
    statistics: { sent: 1, received: 0, loss: 1, rttMs: null },
  });
});

test.each([
  [{ rise: 0 }, 'rise must be a whole number from 1 to 1000, not 0'],
  [{ window: 1001 }, 'window must be a whole number from 1 to 1000, not 1001'],
  [{ loss: 20 }, 'loss must be a number from 0 to 1, not 20'],
  [{ latencyMs: Number.NaN }, 'latencyMs must be a number from 0 to 3600000, not NaN'],
])('criteria %o are refused', (criteria, message) => {
  expect(() => new Judge(criteria)).toThrow(message);
});
