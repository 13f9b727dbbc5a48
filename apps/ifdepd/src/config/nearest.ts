/** Longer words are not compared. */
const LONGEST_WORD = 64;

/** How many names are listed where a caller does not say. */
const MOST_LISTED = 20;

/**
 * The known word that is most like `word`; undefined where more than a third of its letters, and of a word of more than
 * three letters more than two, differ.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(word.length > 3 ? 2 : 1, Math.floor(word.length / 3)) + 1;
  if (word.length > LONGEST_WORD) {
    return undefined;
  }
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) {
      continue;
    }
    const cost = distance(word.toLowerCase(), candidate.toLowerCase());
    if (cost < least && cost < candidate.length) {
      least = cost;
      best = candidate;
    }
  }
  return best;
}

/** Letters to insert, delete or replace (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** `; did you mean 'x'?`, or nothing. */
export function suggestion(word: string, known: Iterable<string>): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `; did you mean '${near}'?`;
}

/** Names with commas between them; of more than `most` the first, and how many more there are: `a, b and 7 more`. */
export function someOf(names: Iterable<string>, most: number = MOST_LISTED): string {
  const all = [...names];
  const more = all.length > most ? ` and ${all.length - most} more` : '';
  return `${all.slice(0, most).join(', ')}${more}`;
}
