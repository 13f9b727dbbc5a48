import fc from 'fast-check';
import type { LinkFacts, ScriptedBackend } from '../../src/testing/index.ts';

/** Something that happens to a system with a handful of names and indices, so that they meet again. */
export type Step =
  | { readonly do: 'set'; readonly facts: LinkFacts }
  | { readonly do: 'remove'; readonly index: number };

const index = fc.integer({ min: 1, max: 5 });
const name = fc.integer({ min: 1, max: 6 }).map((number) => `eth${number}`);

const facts: fc.Arbitrary<LinkFacts> = fc.record(
  {
    index,
    name,
    adminUp: fc.boolean(),
    carrier: fc.boolean(),
    carrierUpCount: fc.integer({ min: 0, max: 3 }),
    masterIndex: fc.option(index),
    alias: fc.option(fc.constantFrom('north', 'south')),
  },
  { requiredKeys: ['index', 'name'] },
);

/** What may happen, one thing after the other. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('set' as const), facts }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), index }) },
  ),
  { maxLength: 40 },
);

/** Does it, unless a kernel would not: a name has one owner. */
export function doStep(system: ScriptedBackend, step: Step): void {
  if (step.do === 'remove') {
    system.remove(step.index);
    return;
  }
  const owner = [...system.links.values()].find((link) => link.name === step.facts.name);
  if (owner === undefined || owner.index === step.facts.index) {
    system.set(step.facts);
  }
}
