/** Something that happens some time after what happened before it. */
interface Timed {
  readonly afterMs: number;
}

/**
 * Leaves out operations, in halves and then one by one, as long as the rest fails.
 *
 * @param operations that fail
 * @param fails whether operations fail
 * @returns the fewest that were found
 */
export async function shrink<One extends Timed>(
  operations: readonly One[],
  fails: (operations: readonly One[]) => Promise<boolean>,
): Promise<readonly One[]> {
  let least = operations;
  for (let size = Math.ceil(least.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < least.length; ) {
      const fewer = without(least, at, size);
      if (await fails(fewer)) {
        least = fewer;
      } else {
        at += size;
      }
    }
  }
  return least;
}

/** The time of the operations that are left out passes before the next one. */
function without<One extends Timed>(operations: readonly One[], at: number, size: number): readonly One[] {
  const gone = operations.slice(at, at + size).reduce((sum, { afterMs }) => sum + afterMs, 0);
  const [next, ...rest] = operations.slice(at + size);
  const before = operations.slice(0, at);
  return next === undefined ? before : [...before, { ...next, afterMs: next.afterMs + gone }, ...rest];
}

/** A test that fails as the operations do. @param violation what was wrong. @param play the function that plays them */
export function testOf<One extends Timed>(
  operations: readonly One[],
  violation: string,
  play = 'play',
): string {
  const name = violation.split('\n')[0]?.replaceAll("'", '"') ?? '';
  return `test('${name}', async () => {
  const { violation } = await ${play}([
${operations.map((one) => `    ${JSON.stringify(one)},\n`).join('')}  ]);
  expect(violation).toBeNull();
});
`;
}
