import { spawnSync } from 'node:child_process';

/** The shared libraries of a program of this machine, its loader included, as paths; none for a static one. */
export function librariesOf(program: string): readonly string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gm)].map(([, path = '']) => path);
}
