import { type DaemonRules, settingsOf } from './daemon-rules.ts';

/**
 * The destinations of which it must be known, also after a crash, who lowered them (`raise: owned`) and how they were before
 * (`on-exit: restore`): what is done to them is recorded before it is done.
 */
export function rememberedDestinations(rules: DaemonRules): ReadonlySet<string> {
  const groups = Object.values(rules.policy.groups);
  const restored = (id: string) => settingsOf(rules, id).onExit === 'restore';
  return new Set(
    groups.flatMap(({ raise, destinations }) =>
      raise === 'owned' ? destinations : destinations.filter(restored),
    ),
  );
}
