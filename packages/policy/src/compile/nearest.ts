/** Characters of a word that somebody may have meant another one by. */
const LONGEST_WORD = 64;

/** The known word that is most like `word`, or undefined if none is close (more than a third of it differs). */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, word.length / 3) + 1;
  if (word.length > LONGEST_WORD) return undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const cost = distance(word.toLowerCase(), candidate.toLowerCase());
    if (cost < least) {
      least = cost;
      best = candidate;
    }
  }
  return best;
}

/** Edits (insert, delete, replace) between two words. */
function distance(from: string, to: string): number {
  let row = [...to, ''].map((_, column) => column);
  for (const letter of from) {
    let [left] = row as [number];
    row = row.map((above, column) => {
      const diagonal =
        column === 0 ? above : (row[column - 1] as number) + (letter === to[column - 1] ? 0 : 1);
      left = column === 0 ? above + 1 : Math.min(diagonal, above + 1, left + 1);
      return left;
    });
  }
  return row.at(-1) as number;
}
