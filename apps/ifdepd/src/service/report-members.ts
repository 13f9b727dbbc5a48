import { someOf } from '../config/nearest.ts';
import { patternWords } from '../config/patterns.ts';
import type { Settings } from '../config/settings.ts';
import { type Candidate, leftOutWords, type MembersOf } from '../identity/pattern-members.ts';
import { type Log, notice } from '../log/index.ts';

/** Reports the sources that came and went with the interfaces. */
export function reportMembers(log: Log, settings: Settings, next: MembersOf, before: MembersOf): void {
  for (const [id, { interfaces, leftOut }] of next) {
    const was = before.get(id);
    const [names, old] = [namesOf(interfaces), namesOf(was?.interfaces ?? [])];
    const groups = groupsWith(settings, id);
    const report = (some: readonly string[], verb: readonly [string, string], then: string): void => {
      if (some.length > 0) {
        const [verbed, source] = some.length === 1 ? [verb[0], 'a source'] : [verb[1], 'sources'];
        const message = `${someOf(some)} ${verbed} ${patternWords(id)}: ${then} ${source} of ${someOf(groups)}`;
        notice(log, 'notice', message, { pattern: id, sources: some, groups });
      }
    };
    report(without(names, old), ['matches', 'match'], 'now');
    report(without(old, names), ['no longer matches', 'no longer match'], 'no longer');
    const known = new Set((was?.leftOut ?? []).map(textOfLeftOut));
    const others = leftOut.filter((one) => !known.has(textOfLeftOut(one)));
    if (others.length > 0) {
      const message = `${patternWords(id)} matches more, which are no sources: ${leftOutWords(others)}`;
      notice(log, 'warning', message, { pattern: id, groups });
    }
  }
}

function textOfLeftOut({ name, why }: { readonly name: string; readonly why: string }): string {
  return `${name} (${why})`;
}

function namesOf(members: readonly Candidate[]): readonly string[] {
  return members.map(({ name }) => name);
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return names.filter((name) => !known.has(name));
}

/** The groups that name a pattern. */
function groupsWith({ patterns }: Settings, id: string): readonly string[] {
  const text = JSON.stringify(id);
  return Object.entries(patterns?.rules.groups ?? {}).flatMap(([name, { require }]) =>
    JSON.stringify(require).includes(text) ? [name] : [],
  );
}
