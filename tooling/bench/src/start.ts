import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterNewNamespace, ip } from '@ifdepd/netlab';
import type { CPrograms } from './build-c.ts';

const ROUNDS = 25;

/** Microseconds. */
export interface Starts {
  /** A bare interpreter, from its start to its end. */
  readonly bare: readonly number[];
  /** A daemon, until the destination of a source that has failed already is down. */
  readonly daemon: readonly number[];
  /** The same where no compiled code is kept: the first start of an installation, or an upgrade. */
  readonly first: readonly number[];
}

/** Starts each of them in turn. */
export function starts(bare: readonly string[], daemon: readonly string[], { launch }: CPrograms): Starts {
  enterNewNamespace();
  ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'em0-x');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  const home = mkdtempSync(join(tmpdir(), 'ifdepd-bench-'));
  const samples = { bare: [] as number[], daemon: [] as number[], first: [] as number[] };
  const kept = { CACHE_DIRECTORY: join(home, 'cache') };
  try {
    const [program = '', ...words] = daemon;
    execFileSync(program, [...words, '--once'], { env: environment(home, kept) });
    for (let round = 0; round < ROUNDS; round += 1) {
      samples.bare.push(time([launch, '-', ...bare], environment(home)));
      // As after a boot: no lock, no journal.
      const inTurn = [
        { times: samples.daemon, fresh: join(home, `${round}`), code: kept },
        {
          times: samples.first,
          fresh: join(home, `${round}-first`),
          code: { NODE_DISABLE_COMPILE_CACHE: '1' },
        },
      ];
      for (const { times, fresh, code } of inTurn) {
        mkdirSync(fresh);
        ip('link', 'set', 'carp0', 'up');
        times.push(time([launch, 'carp0', ...daemon], environment(fresh, code)));
      }
    }
  } finally {
    rmSync(home, { recursive: true });
  }
  return samples;
}

function environment(home: string, others: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, RUNTIME_DIRECTORY: home, STATE_DIRECTORY: home, ...others };
}

function time([program = '', ...words]: readonly string[], env: NodeJS.ProcessEnv): number {
  const took = Number(execFileSync(program, words, { encoding: 'utf8', env }));
  if (Number.isNaN(took)) {
    throw new Error(`${words.join(' ')}: ended without having set the destination down`);
  }
  return took;
}
