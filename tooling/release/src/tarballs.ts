import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './source.ts';

/** The packages that are published, as npm publishes them. @throws {Error} where one is not built: npm packs it all the same */
export function tarballs(folders: readonly string[], directory: string): void {
  const bare = folders.filter((one) => !existsSync(join(root, one, 'dist')));
  if (bare.length > 0) {
    throw new Error(`${bare.join(', ')}: not built; run npm run build`);
  }
  execFileSync(
    'npm',
    ['pack', '--silent', '--pack-destination', directory, ...folders.map((one) => `./${one}`)],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}
