import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';

/**
 * Feeds a fuzz target its seeds, the corpus that coverage-guided runs left beside it, and each input on which it failed
 * once. No fuzzer is needed.
 *
 * @param {URL} folder of the target: NAME.ts, and NAME.corpus.json beside it
 * @param {string} name
 * @param {import('./replay.d.mts').FuzzTarget} target
 */
export function replay(folder, name, { fuzz, seeds, end = () => {} }) {
  /** @type {import('./replay.d.mts').Corpus} */
  const { corpus, regressions } = JSON.parse(readFileSync(new URL(`${name}.corpus.json`, folder), 'utf8'));
  // The test runner kills its workers in the end, without an exit event.
  afterAll(end);
  const bytes = (/** @type {string} */ input) => new Uint8Array(Buffer.from(input, 'base64'));

  test(`${name}: its seeds and its corpus`, async () => {
    const inputs = [...seeds, ...corpus.map(bytes)];
    expect(inputs.length).toBeGreaterThan(seeds.length);
    for (const input of inputs) {
      await fuzz(input);
    }
  });

  for (const { why, input } of regressions) {
    test(`${name}: ${why}`, async () => {
      await fuzz(bytes(input));
    });
  }
}
