import { compile, type PolicyConfig, type Step, start, step } from '@ifdepd/policy';
import { drive, naiveModel } from '@ifdepd/policy/testing';

const config = {
  groups: { g: { require: { any: ['em0', { not: 'em1' }] }, destinations: ['carp0'] } },
} as const satisfies PolicyConfig;
const policy = compile(config);
const next: Step = step(policy, start(policy, 0).state, { type: 'tick' }, 1);
export const seen: readonly string[] = next.effects.map(({ destination, to }) => `${destination} ${to}`);
export const status: string | undefined = drive(policy).status.groups[0]?.phase;
export const model: number | null = naiveModel(config, 0).nextDeadline();
// @ts-expect-error: the types have come along, and are not `any`
policy.nothing;
