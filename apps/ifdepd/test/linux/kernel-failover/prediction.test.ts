import { linkRecord } from '@ifdepd/linkwatch/testing';
import { compile, type Expression, type PolicyEvent } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { policyState } from '../../../src/engine/policy-state.ts';
import {
  type PredictionParts,
  predictLosses,
  predictRepairs,
} from '../../../src/linux/kernel-failover/prediction.ts';

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

/** What the repair of `em0` brings up in a group of `em0` and `bge0`, both of which have failed unless `active` names them. */
function raisedBy(
  change: {
    readonly require?: Expression;
    readonly active?: readonly string[];
    readonly uncertain?: readonly string[];
    readonly carriers?: readonly string[];
    /** Links that the messages call active. */
    readonly reported?: readonly string[];
    readonly recorded?: boolean;
    readonly missing?: readonly string[];
  } = {},
) {
  const { require = { all: ['em0', 'bge0'] }, active = ['bge0'], carriers = ['em0', 'bge0'] } = change;
  const { uncertain = [], reported = active, recorded = false, missing = [] } = change;
  const rules = compile({ groups: { cli: { require, destinations: ['carp0', 'vh0'] } } });
  const state = policyState(rules, () => 0);
  state.take(
    {
      type: 'sources',
      complete: true,
      sources: rules.sources.map((id) => ({
        id,
        health: active.includes(id) ? 'active' : 'failed',
        reason: 'as given',
      })),
      destinations: rules.destinations.map((id) => ({ id, is: 'down' })),
    },
    0,
  );
  const indices = ['em0', 'bge0', 'carp0', 'vh0'];
  const parts = {
    links: {
      lookUp: (name: string) =>
        missing.includes(name)
          ? undefined
          : linkRecord({ index: indices.indexOf(name) + 2, name, adminUp: reported.includes(name) }),
    },
    bindings: {
      now: {
        sources: new Map(rules.sources.map((id) => [id, {}])),
        others: new Map(),
        carriers: new Set(carriers),
        destinations: new Map([
          ['carp0', { upRequest: () => ({ name: 'carp0' }) }],
          ['vh0', {}],
        ]),
        remembered: new Set(recorded ? ['carp0'] : []),
      },
    },
    state,
    prepareIntents: null,
  } as unknown as PredictionParts;
  const behind = new Map([['carp0', new Set(rules.sources)]]);
  return predictRepairs(parts, new Set(uncertain), behind)('em0');
}

test('the other source is active: the repair brings up the destination that has a request, and names what is behind it', () => {
  expect(raisedBy()).toEqual([{ name: 'carp0', id: 'carp0', index: 4, isRecorded: false, behind: [2, 3] }]);
});

test.each([
  ['the other source has failed', { active: [] }],
  ['the source is active', { active: ['em0', 'bge0'] }],
  ['its messages call the source active, and something else does not', { reported: ['em0', 'bge0'] }],
  ['the repair of a source may keep the destination down', { uncertain: ['carp0'] }],
  ['a source behind the destination is no carrier', { carriers: ['em0'] }],
  ['the destination must be recorded, and cannot be', { recorded: true }],
  ['the destination is missing', { missing: ['carp0'] }],
] as const)('%s: no repair is predicted', (_why, change) => {
  expect(raisedBy(change)).toEqual([]);
});

test('any of two sources, both failed: the repair of one brings the destination up', () => {
  expect(raisedBy({ require: { any: ['em0', 'bge0'] }, active: [] })).toHaveLength(1);
});
