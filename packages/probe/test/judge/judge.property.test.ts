import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Criteria, Judge, type ProbeResult, type Verdict } from '../../src/index.ts';

const results = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('answered' as const), rttMs: fc.integer({ min: 0, max: 400 }) }),
  },
  { weight: 3, arbitrary: fc.constant<ProbeResult>({ type: 'unanswered' }) },
  { weight: 1, arbitrary: fc.constant<ProbeResult>({ type: 'unreachable', why: 'no route' }) },
  { weight: 1, arbitrary: fc.constant<ProbeResult>({ type: 'unsent', why: 'no buffers' }) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);

const someCriteria = fc.record(
  {
    rise: fc.integer({ min: 1, max: 4 }),
    fall: fc.integer({ min: 1, max: 4 }),
    window: fc.integer({ min: 1, max: 8 }),
    loss: fc.constantFrom(0, 0.1, 0.29, 0.5, 1),
    latencyMs: fc.constantFrom(0, 100, 150),
  },
  { requiredKeys: [] },
);

/** The results that still count, oldest first, as lists. */
class NaiveJudge {
  verdict: Verdict = 'unknown';
  #judged: ProbeResult[] = [];
  #unsent = 0;

  observe(result: ProbeResult | 'restart', criteria: Criteria): void {
    const { rise = 2, fall = 2, window = 20, loss, latencyMs } = criteria;
    if (result === 'restart') {
      this.#judged = [];
      this.#unsent = 0;
      return;
    }
    if (result.type === 'unsent') {
      this.#unsent += 1;
      if (this.#unsent >= fall) {
        this.#judged = [];
        this.#unsent = 0;
        this.verdict = 'unknown';
      }
      return;
    }
    this.#unsent = 0;
    this.#judged.push(result);
    const last = this.#judged.slice(-window);
    const rtts = last.flatMap((one) => (one.type === 'answered' ? [one.rttMs] : []));
    const lost = last.length - rtts.length;
    // The best that the window could still become: every slot without a result an answer in no time.
    const bestRtts = [...rtts, ...Array.from({ length: window - last.length }, () => 0)];
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const run = (count: number, answered: boolean) =>
      this.#judged.length >= count &&
      this.#judged.slice(-count).every(({ type }) => (type === 'answered') === answered);
    const tooMany = loss !== undefined && lost / window > loss + 1e-12;
    const tooSlow = latencyMs !== undefined && bestRtts.length > 0 && mean(bestRtts) > latencyMs + 1e-12;
    const limited = loss !== undefined || latencyMs !== undefined;
    const fine =
      last.length === window &&
      (loss === undefined || lost / window <= loss / 2 + 1e-12) &&
      (latencyMs === undefined || mean(rtts) <= latencyMs * 0.9 + 1e-12);
    if (run(fall, false) || tooMany || tooSlow) {
      this.verdict = 'failed';
    } else if (run(rise, true) && (this.verdict !== 'failed' || !limited || fine)) {
      this.verdict = 'active';
    }
  }
}

test('a judge decides as one that looks at the whole list of results', () => {
  fc.assert(
    fc.property(someCriteria, fc.array(results, { maxLength: 60 }), (criteria, list) => {
      const judge = new Judge(criteria);
      const naive = new NaiveJudge();
      list.forEach((result, at) => {
        const before = judge.verdict;
        naive.observe(result, criteria);
        const changed = result === 'restart' ? judge.restart() : judge.observe(result, at);
        expect(judge.verdict).toBe(naive.verdict);
        expect(changed ?? false).toBe(judge.verdict !== before);
        expect(judge.reason(at)).not.toBe('');
      });
    }),
    { numRuns: 2000 },
  );
});

test('no result but a run of failures, or a limit, ends the verdict active', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<ProbeResult>({ type: 'unanswered' }, { type: 'answered', rttMs: 1 })),
      (list) => {
        const judge = new Judge({ rise: 1, fall: 3 });
        judge.observe({ type: 'answered', rttMs: 1 }, 0);
        const runs = list.map(({ type }) => (type === 'answered' ? ' ' : 'x')).join('');
        for (const result of list) {
          judge.observe(result, 0);
        }
        expect(judge.verdict === 'failed').toBe(/xxx *$/.test(runs) && runs.endsWith('x'));
      },
    ),
  );
});
