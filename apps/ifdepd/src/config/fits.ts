/**
 * Whether a name fits a pattern: `*` stands for any characters or none, `?` for one. The time is at most the product of both
 * lengths, whatever the pattern.
 */
export function fits(pattern: string, name: string): boolean {
  let at = 0;
  /** The last `*`, and where what it stands for ends. */
  let [star, end] = [-1, 0];
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === '*') {
      [star, end] = [at, index];
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      end += 1;
      [at, index] = [star + 1, end];
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') {
    at += 1;
  }
  return at === pattern.length;
}
