/** The known word that shares the most pairs of neighbouring letters with `word`, at least half of them; else undefined. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let most = 0.5;
  for (const candidate of known) {
    const shared = [...candidate].filter((_, i) => i > 0 && word.includes(candidate.slice(i - 1, i + 1)));
    const likeness = shared.length / (Math.max(word.length, candidate.length) - 1);
    if (likeness >= most) {
      most = likeness;
      best = candidate;
    }
  }
  return best;
}
