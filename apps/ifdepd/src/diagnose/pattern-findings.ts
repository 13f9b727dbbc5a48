import { someOf } from '../config/nearest.ts';
import { patternWords } from '../config/patterns.ts';
import type { MembersOf } from '../identity/pattern-members.ts';
import type { Finding } from './finding.ts';

/** Patterns that match nothing now, and interfaces that match and are no sources. */
export function patternFindings(members: MembersOf): readonly Finding[] {
  return [...members].flatMap(([subject, { interfaces, leftOut }]): readonly Finding[] => {
    const words = patternWords(subject);
    const others = leftOut.map(({ name, why }) => `${name} (${why})`);
    return [
      ...(interfaces.length > 0
        ? []
        : [
            warning(
              subject,
              'matches-nothing',
              `no interface matches ${words} now: it counts as one that has failed`,
            ),
          ]),
      ...(others.length === 0
        ? []
        : [warning(subject, 'left-out', `matches more, which are no sources: ${someOf(others)}`)]),
    ];
  });
}

function warning(subject: string, code: Finding['code'], message: string): Finding {
  return { level: 'warning', code, subject, message };
}
