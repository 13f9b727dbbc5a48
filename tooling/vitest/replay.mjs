import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';

/**
 * Feeds what a fuzz target knows to it: its seeds, the corpus that coverage-guided runs left beside it, and each input
 * that it once failed on. No fuzzer is needed.
 *
 * @param {URL} folder of the target: NAME.ts, and NAME.corpus.json beside it
 * @param {string} name
 * @param {import('./replay.d.mts').FuzzTarget} target
 */
export function replay(folder, name, { fuzz, seeds, end = () => {} }) {
  /** @type {import('./replay.d.mts').Corpus} */
  const { corpus, regressions } = JSON.parse(readFileSync(new URL(`${name}.corpus.json`, folder), 'utf8'));
  // A worker of the test runner is killed in the end, and does not hear of its exit.
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
