import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterNewNamespace, ip } from '@ifdepd/netlab';
import type { CPrograms } from './build-c.ts';
import { absent, lines } from './node-line.ts';
import { type Row, ratio } from './row.ts';
import { median, time } from './statistics.ts';

const ROUNDS = 25;

/** Microseconds. */
interface Starts {
  /** Node without a program, from its start to its end. */
  readonly bare: readonly number[];
  /** A daemon whose source has failed, from its start until its destination is down. */
  readonly daemon: readonly number[];
}

/** P5 on each Node line. @param program the file of ifdepd */
export function startRows(program: string, programs: CPrograms): Row[] {
  return lines.map(({ name, path }) => {
    const quantity = `P5 ${name}: process started → destination of a failed source down (reference: node -e 0), p50`;
    if (path === null) {
      return absent(quantity);
    }
    const words = [path, program, '-q', '-S', 'em0', '-D', 'carp0'];
    const { bare, daemon } = starts([path, '-e', '0'], words, programs);
    const [reference, own] = [median(bare), median(daemon)];
    return { quantity, reference: time(reference), ifdepd: time(own), ratio: ratio(own, reference) };
  });
}

/** Starts each of them in turn. */
function starts(bare: readonly string[], daemon: readonly string[], { launch }: CPrograms): Starts {
  enterNewNamespace();
  ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'em0-x');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  const home = mkdtempSync(join(tmpdir(), 'ifdepd-bench-'));
  const samples = { bare: [] as number[], daemon: [] as number[] };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      samples.bare.push(took([launch, '-', ...bare], environment(home)));
      // As after a boot: no lock, no journal.
      const fresh = join(home, `${round}`);
      mkdirSync(fresh);
      ip('link', 'set', 'carp0', 'up');
      samples.daemon.push(took([launch, 'carp0', ...daemon], environment(fresh)));
    }
  } finally {
    rmSync(home, { recursive: true });
  }
  return samples;
}

function environment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, RUNTIME_DIRECTORY: home, STATE_DIRECTORY: home };
}

function took([program = '', ...words]: readonly string[], env: NodeJS.ProcessEnv): number {
  const microseconds = Number(execFileSync(program, words, { encoding: 'utf8', env }));
  if (Number.isNaN(microseconds)) {
    throw new Error(`${words.join(' ')}: ended without having set the destination down`);
  }
  return microseconds;
}
