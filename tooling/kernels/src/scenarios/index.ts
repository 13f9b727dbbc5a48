import { bondScenarios } from './bond.ts';
import { cardScenarios } from './cards.ts';
import { onACard } from './on-a-card.ts';
import type { Scenario } from './scenario.ts';

export type { Scenario } from './scenario.ts';

/** All scenarios, in the order in which a guest runs them. */
export const scenarios: readonly Scenario[] = [...cardScenarios, ...onACard, ...bondScenarios];
