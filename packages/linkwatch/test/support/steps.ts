import fc from 'fast-check';
import { answersTo } from '../../src/interest.ts';
import type { LinkRecord } from '../../src/link.ts';
import type { LinkFacts } from '../../src/testing/index.ts';

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
    altNames: fc.constantFrom([], ['north'], ['south', 'north']),
  },
  { requiredKeys: ['index', 'name'] },
);

/** The events that may happen, one after the other. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('set' as const), facts }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), index }) },
  ),
  { maxLength: 40 },
);

/** A system whose links can be changed. */
export interface Changeable {
  readonly links: ReadonlyMap<number, LinkRecord>;
  set(facts: LinkFacts): unknown;
  remove(index: number): void;
}

/** Does it, unless a kernel would not: a name, or alternative name, has one owner. */
export function doStep(system: Changeable, step: Step): void {
  if (step.do === 'remove') {
    system.remove(step.index);
    return;
  }
  const names = [step.facts.name, ...(step.facts.altNames ?? [])];
  const owner = [...system.links.values()].find(
    (link) => link.index !== step.facts.index && names.some((one) => answersTo(link, one)),
  );
  if (owner === undefined) {
    system.set(step.facts);
  }
}
