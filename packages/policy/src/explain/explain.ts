import { checkOnly, checkState } from '../check.ts';
import { nameOf } from '../engine/blame.ts';
import { groupOf } from '../engine/select.ts';
import { holders } from '../engine/target.ts';
import type { Compiled, Policy } from '../policy.ts';
import type { State } from '../state.ts';
import type {
  DestinationExplanation,
  DestinationStatus,
  Explanation,
  GroupStatus,
  Release,
  Way,
} from '../status.ts';
import { at } from '../vec.ts';
import { describe } from './describe.ts';
import { withoutDeadlines } from './foresee.ts';
import { outlookOf, type Turn } from './release.ts';
import { destinationSentence, groupSentence } from './sentence.ts';
import { changeOf, conditionsOf, type Explained, together } from './together.ts';

/** Options of `explain`. */
export interface ExplainOptions {
  /** Names of groups and ids of destinations. All others are left out, and cost nothing. Default: everything. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Explains every group and destination: why it is as it is, what releases it, and when, as data and as a sentence. It tries
 * changes on copies of the state: some 20 microseconds for each group and each way to change it. With many groups, use `only`.
 *
 * @throws {StateError} when the state belongs to another policy
 * @throws {TypeError} when the options are not as {@link ExplainOptions} says
 *
 * @example
 * ```ts
 * import { compile, explain } from '@ifdepd/policy';
 * import { drive } from '@ifdepd/policy/testing';
 *
 * const policy = compile({ groups: { web: { require: 'disk', destinations: ['shop'], upDelayMs: 3_000 } } });
 * const driver = drive(policy);
 * driver.snapshot({ disk: 'active' });
 * driver.source('disk', 'failed', 'read-only');
 * console.log(explain(policy, driver.state).groups[0]?.release.needs.join()); // disk
 * ```
 */
export function explain(policy: Policy, state: State, options: ExplainOptions = {}): Explanation {
  checkState(policy, state);
  checkOnly(options);
  const { only } = options;
  const compiled = policy as Compiled;
  const status = describe(policy, state);
  const calm = withoutDeadlines(state);
  const known = new Map<number, Explained>();
  const asked = (name: string): boolean => only === undefined || only.has(name);

  function explained(root: number): Explained {
    const group = known.get(root) ?? explainGroup(compiled, state, calm, root, at(status.groups, root));
    known.set(root, group);
    return group;
  }

  function explainDestination(destination: DestinationStatus, index: number): DestinationExplanation {
    const target = at(compiled.targets, index);
    const supporters = holders(state, target, destination.want === 'down' ? 'down' : 'up').map(explained);
    const { blame, release, conditions } = together(destination, supporters, {
      policy: compiled,
      state,
      calm,
      target,
    });
    const sentence = destinationSentence(
      destination,
      {
        supporters: supporters.map(({ group }) => group),
        groups: target.groups.map((gate) => at(status.groups, gate)),
        enforce: target.always ? 'always' : target.hard ? 'down' : 'never',
        blame,
        release,
        conditions,
      },
      state.now,
    );
    return { ...destination, blame, release, sentence };
  }

  return {
    ...status,
    groups: compiled.groups.flatMap((name, root) => (asked(name) ? explained(root).group : [])),
    destinations: status.destinations.flatMap((destination, index) =>
      asked(destination.id) ? explainDestination(destination, index) : [],
    ),
  };
}

function explainGroup(
  policy: Compiled,
  state: State,
  calm: State,
  root: number,
  group: GroupStatus,
): Explained {
  const outlook = outlookOf(policy, state, calm, root, group);
  const { alone, alternatives } = outlook;
  const wayOf = ({ items, future }: Turn): Way => ({
    needs: items.map((item) => nameOf(policy, item)),
    earliest: future?.at ?? null,
  });
  const release: Release = {
    ...wayOf(outlook),
    at: alone?.at ?? null,
    alternatives: alternatives.map(wayOf),
  };
  const choice = outlook.countless?.choice ?? null;
  const [turned] = outlook.to.values();
  const some = choice && {
    count: choice.count,
    changes: choice.items.map((item) => changeOf(policy, state, item, turned)),
  };
  const turns = outlook.items.length === 0 ? [] : [outlook, ...alternatives];
  const listed = conditionsOf(turns, policy, state);
  const conditions = outlook.countless === null ? listed : listed.map((one) => ({ ...one, countless: some }));
  const sentence = groupSentence(
    group,
    release,
    { conditions, alone: alone === null ? null : groupOf(alone.state, root).phase },
    state.now,
  );
  return { group: { ...group, release, sentence }, items: outlook.items, conditions };
}
