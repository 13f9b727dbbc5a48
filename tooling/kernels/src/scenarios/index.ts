import { bondScenarios } from './bond.ts';
import { cardScenarios } from './cards.ts';
import { deathScenarios } from './deaths.ts';
import { destinationScenarios } from './destinations.ts';
import { hostTestScenarios } from './host-tests.ts';
import { kernelFailoverScenarios } from './kernel-failover.ts';
import { onACard } from './on-a-card.ts';
import { pluggedScenarios } from './plugged.ts';
import { probeScenarios } from './probes.ts';
import { reactionScenario } from './reaction.ts';
import type { Scenario } from './scenario.ts';
import { suspendScenario } from './suspend.ts';
import { teamScenarios } from './team.ts';
import { udevScenario } from './udev.ts';
import { virtualScenarios } from './virtual.ts';

export type { Scenario } from './scenario.ts';

/** All scenarios, in the order in which a guest runs them. */
export const scenarios: readonly Scenario[] = [
  ...cardScenarios,
  ...onACard,
  ...bondScenarios,
  ...teamScenarios,
  ...virtualScenarios,
  ...destinationScenarios,
  ...pluggedScenarios,
  ...probeScenarios,
  ...deathScenarios,
  udevScenario,
  ...kernelFailoverScenarios,
  reactionScenario,
  ...hostTestScenarios,
  suspendScenario,
];
