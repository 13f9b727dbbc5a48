import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundle } from '@ifdepd/packed';

const packageDir = fileURLToPath(new URL('../..', import.meta.url));

export interface ChildOptions {
  /** Default: the Node that runs the tests. */
  readonly node?: string;
  readonly nodeOptions?: readonly string[];
  readonly words?: readonly string[];
  /** The command that starts the child, before Node and its options. */
  readonly under?: readonly string[];
}

export interface ChildResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs test/children/`name`.ts in a process of its own, to its end. One that hangs is killed: its status is null. */
export function runChild(name: string, options: ChildOptions = {}): ChildResult {
  using module = bundle(packageDir, { file: `test/children/${name}.ts` });
  const [command = '', ...words] = [
    ...(options.under ?? []),
    options.node ?? process.execPath,
    ...(options.nodeOptions ?? []),
    module.path,
    ...(options.words ?? []),
  ];
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: 'utf8', timeout: 60_000 });
  if (error !== undefined && status !== null) {
    throw error;
  }
  return { status, stdout, stderr };
}
