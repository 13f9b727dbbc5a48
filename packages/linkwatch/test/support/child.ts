import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundle } from '@ifdepd/packed';

const packageDir = fileURLToPath(new URL('../..', import.meta.url));

export interface ChildResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs test/children/`name`.ts in a process of its own, to its end. One that hangs is killed: its status is null. */
export function runChild(name: string, ...node: readonly string[]): ChildResult {
  using module = bundle(packageDir, { file: `test/children/${name}.ts` });
  const [command = process.execPath, ...options] = node;
  const { status, stdout, stderr } = spawnSync(command, [...options, module.path], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}
