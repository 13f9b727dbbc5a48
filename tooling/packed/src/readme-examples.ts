import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The TypeScript blocks of a package's README.md, in order. */
export function readmeExamples(packageDir: string): string[] {
  const text = readFileSync(join(packageDir, 'README.md'), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
}
