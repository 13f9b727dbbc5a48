import type { ConfigPath } from './document.ts';
import type { Reader } from './reader.ts';

/** What became of lists that have not the same members in the policy as in the file. */
export interface Members {
  /** By the path of a list in the file, with NUL between its steps: where each of its members stands below it. */
  readonly moved: Map<string, readonly ConfigPath[]>;
}

/** The key of a list in {@link Members.moved}. */
export function movedKey(path: ConfigPath): string {
  return path.join('\0');
}

/**
 * The members of a list: those of lists within it, too, which is how several anchors are written in one list. What is
 * empty or no list is noted.
 *
 * @param equal whether a member that equals an earlier one is left out: where it says nothing, it is no mistake
 * @param of what it is a list of
 */
export function readMembers<Member>(
  reader: Reader,
  { moved }: Members,
  equal: 'merged' | 'kept',
  read: (item: Reader) => Member,
  of = 'interface names and expressions',
  listed?: (text: string) => string,
): readonly Member[] {
  const members: Member[] = [];
  const places: ConfigPath[] = [];
  const seen = new Set<string>();
  const list = reader.items(of, listed);
  const items = list.some(({ value }) => Array.isArray(value)) ? flat(list, of) : list;
  for (const item of items) {
    const member = read(item);
    const key = equal === 'merged' ? (JSON.stringify(member) ?? '') : '';
    if (equal === 'kept' || !seen.has(key)) {
      seen.add(key);
      members.push(member);
      places.push(item.path.slice(reader.path.length));
    }
  }
  if (members.length !== list.length || items !== list) {
    moved.set(movedKey(reader.path), places);
  }
  return members;
}

function flat(items: readonly Reader[], of: string): readonly Reader[] {
  return items.flatMap((item) => (Array.isArray(item.value) ? flat(item.items(of), of) : [item]));
}
