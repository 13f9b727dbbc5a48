import { execFileSync } from 'node:child_process';
import { root } from './source.ts';

/** The packages that are published, as npm publishes them. */
export function tarballs(folders: readonly string[], directory: string): void {
  execFileSync(
    'npm',
    ['pack', '--silent', '--pack-destination', directory, ...folders.map((one) => `./${one}`)],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}
