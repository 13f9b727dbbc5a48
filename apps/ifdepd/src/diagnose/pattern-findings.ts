import { patternWords } from '../config/patterns.ts';
import { leftOutWords, type MembersOf } from '../identity/pattern-members.ts';
import type { Finding } from './finding.ts';

/** Patterns that match nothing now, and interfaces that match and are no sources. */
export function patternFindings(members: MembersOf): readonly Finding[] {
  return [...members].flatMap(([subject, { interfaces, leftOut }]): readonly Finding[] => {
    const words = patternWords(subject);
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
      ...(leftOut.length === 0
        ? []
        : [warning(subject, 'left-out', `matches more, which are no sources: ${leftOutWords(leftOut)}`)]),
    ];
  });
}

function warning(subject: string, code: Finding['code'], message: string): Finding {
  return { level: 'warning', code, subject, message };
}
