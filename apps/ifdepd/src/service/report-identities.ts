import type { Identities } from '../identity/identities.ts';
import type { Log } from '../log/index.ts';

/** Reports what names mean from now on, where that is something else than before. */
export function tellIdentities(log: Log, next: Identities, before: Identities): void {
  const tell = (id: string, level: 'err' | 'notice', words: string): void =>
    log.write({ event: 'notice', level, message: `${id}: ${words}`, fields: { destinations: [id] } });
  for (const [id, why] of next.leftAlone) {
    if (before.leftAlone.get(id) !== why) {
      tell(id, 'err', why);
    }
  }
  for (const id of before.leftAlone.keys()) {
    if (!next.leftAlone.has(id)) {
      tell(id, 'notice', 'no longer left alone');
    }
  }
  const [one, other] = [next.spellings.one, before.spellings.one];
  for (const [id, name] of one) {
    if (other.get(id) !== name) {
      tell(id, 'notice', `the same interface as ${name} from now on: one destination`);
    }
  }
  for (const [id, name] of other) {
    if (!one.has(id)) {
      tell(id, 'notice', `another interface than ${name} from now on: a destination of its own`);
    }
  }
}
