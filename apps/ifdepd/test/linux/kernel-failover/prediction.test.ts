import { compile, type PolicyEvent } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { policyState } from '../../../src/engine/policy-state.ts';
import { type PredictionParts, predictLosses } from '../../../src/linux/kernel-failover/prediction.ts';

const names = (of: string) => Array.from({ length: 100 }, (_, at) => `${of}${at}`);
const sources = names('em');
const policy = compile({
  groups: Object.fromEntries(
    sources.map((id, at) => [`g${at}`, { require: { any: [id, `bge${at}`] }, destinations: [`carp${at}`] }]),
  ),
});

/** A daemon of 100 groups, each with two sources, of which these have failed. */
function prediction(failed: readonly string[]) {
  const state = policyState(policy, () => 0);
  state.take(
    {
      type: 'sources',
      complete: true,
      sources: policy.sources.map((id) =>
        failed.includes(id)
          ? ({ id, health: 'failed', reason: 'no carrier' } as const)
          : ({ id, health: 'active', reason: 'up' } as const),
      ),
      destinations: policy.destinations.map((id) => ({ id, is: 'up' })),
    },
    0,
  );
  const given: (PolicyEvent | null)[] = [];
  const named = (ids: readonly string[]) =>
    new Map(ids.map((id) => [id, { downRequest: () => ({ name: id }) }]));
  const parts = {
    links: { lookUp: () => undefined },
    bindings: {
      now: {
        sources: named(policy.sources),
        others: new Map(),
        destinations: named(policy.destinations),
        remembered: new Set(),
      },
    },
    state: {
      isActive: state.isActive,
      predict(event: PolicyEvent | null) {
        given.push(event);
        return state.predict(event);
      },
    },
    prepareIntents: null,
  } as unknown as PredictionParts;
  const predict = predictLosses(parts, new Set());
  return { given, loweredBy: (source: string) => predict(source).map(({ id }) => id) };
}

test('200 sources of which one has failed: the state at best differs from the present one in that source alone', () => {
  const { given } = prediction(['bge7']);
  expect(given).toEqual([
    null,
    { type: 'sources', complete: false, sources: [{ id: 'bge7', health: 'active', reason: 'up' }] },
  ]);
});

test('the other source of a group has failed, and may be active by now: nothing is predicted of the loss of the first', () => {
  expect(prediction(['bge7']).loweredBy('em7')).toEqual([]);
});

test('a source is active in the state, and fails: it is taken into the state at best again', () => {
  const state = policyState(policy, () => 0);
  const was = (id: string, health: 'active' | 'failed') => ({ id, health, reason: 'x' });
  state.take({ type: 'sources', complete: true, sources: [was('em0', 'active'), was('em1', 'active')] }, 0);
  state.take({ type: 'source', source: was('em0', 'failed') }, 1);
  expect(['em0', 'em1', 'em2'].map(state.isActive)).toEqual([false, true, false]);
  // A list that does not name it: it is missing.
  state.take({ type: 'sources', complete: true, sources: [was('em0', 'active')] }, 2);
  expect(['em0', 'em1'].map(state.isActive)).toEqual([true, false]);
});
