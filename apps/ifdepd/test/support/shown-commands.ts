import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigFile } from './config-file.ts';
import { home, program } from './program.ts';

/** A folder of a configuration with programs in front of those of the system, `ifdepd` among them. */
export interface ShownCommands {
  /** What a process needs to find them, and the daemon of this test file. */
  readonly env: NodeJS.ProcessEnv;
  /** Writes a program of the shell. */
  install(name: string, script: string): void;
  /** Runs a script as a document shows it, with the folder in place of /etc. */
  run(script: string): SpawnSyncReturns<string>;
}

/** Makes a place for the commands that a document shows. */
export function shownCommands({ folder }: ConfigFile): ShownCommands {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH']}`,
    RUNTIME_DIRECTORY: home,
    STATE_DIRECTORY: home,
  };
  const install = (name: string, script: string): void => {
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  };
  install('ifdepd', `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  return {
    env,
    install,
    run: (script) =>
      spawnSync('sh', ['-euc', script.replaceAll('/etc/', `${folder}/`)], { encoding: 'utf8', env }),
  };
}
