import { compile, type Policy, type PolicyConfig } from '@ifdepd/policy';

const known = new WeakMap<PolicyConfig, Policy>();

/** The compiled form of the rules of some settings: computed once. @throws {PolicyError} */
export function compiled(config: PolicyConfig): Policy {
  const policy = known.get(config) ?? compile(config);
  known.set(config, policy);
  return policy;
}

/** Takes note of one that another process has computed. */
export function knowCompiled(policy: Policy): void {
  known.set(policy.config, policy);
}
