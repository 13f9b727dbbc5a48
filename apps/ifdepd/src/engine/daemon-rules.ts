import type { NetIfFeatures } from '@ifdepd/netif';
import type { Policy, PolicyConfig } from '@ifdepd/policy';
import type { DestinationSettings } from '../config/settings.ts';
import { sourceOf } from './sources/index.ts';

/** The rules of a daemon. */
export interface DaemonRules {
  /** Source ids are names (or alternative names) of interfaces, or those of other kinds: `check:NAME`, `1@em0`. */
  readonly policy: PolicyConfig;
  /** How destinations are set, by id. Default: each id is the name of an interface, set by its administrative flag. */
  readonly destinations?: ReadonlyMap<string, DestinationSettings>;
}

/** How a destination is set: by its flag, where the rules do not say. */
export function settingsOf(rules: DaemonRules, id: string): DestinationSettings {
  return rules.destinations?.get(id) ?? { id, action: 'admin', interface: id, onExit: 'leave' };
}

/** The names of the interfaces that the rules are about, the parents of vhids among them: events of no other are read. */
export function interestOf(
  rules: DaemonRules,
  compiled: Policy,
  features: Pick<NetIfFeatures, 'carp'>,
): readonly string[] {
  const destinations = compiled.destinations.map((id) => settingsOf(rules, id));
  return [
    ...compiled.sources,
    ...destinations.flatMap((settings) => ('interface' in settings ? [settings.interface] : [])),
    ...destinations.flatMap((settings) => (settings.action === 'vf' ? [settings.parent] : [])),
  ].flatMap((id) => sourceOf(id, features).names);
}

/**
 * The destinations of which it must be known, also after a crash, who lowered them (`raise: owned`) and how they were before
 * (`on-exit: restore`): each write is recorded before it is made.
 */
export function rememberedDestinations(rules: DaemonRules): ReadonlySet<string> {
  const groups = Object.values(rules.policy.groups);
  const restored = (id: string) => settingsOf(rules, id).onExit === 'restore';
  return new Set(
    groups.flatMap(({ raise, destinations = [] }) =>
      raise === 'owned' ? destinations : destinations.filter(restored),
    ),
  );
}
