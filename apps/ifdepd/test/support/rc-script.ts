import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A system's script beside what it sources, in a directory that stands for `/`. */
export interface RcScript {
  /** The directory. */
  readonly root: string;
  /** Runs it. The words that the program was started with are in `program`, null where it was not. */
  run(action: string): RcRun;
}

export interface RcRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly program: readonly string[] | null;
}

export interface RcSystem {
  /** Below service/. */
  readonly script: string;
  /** Where npm installs programs. */
  readonly prefix: string;
  /** Where the script finds rc.subr(8). */
  readonly subr: string;
  /** Of what stands for it here. */
  readonly standIn: string;
}

export const rcSystems = {
  freebsd: { script: 'freebsd/ifdepd', prefix: '/usr/local', subr: '/etc/rc.subr', standIn: 'rc.subr' },
  netbsd: { script: 'netbsd/ifdepd', prefix: '/usr/pkg', subr: '/etc/rc.subr', standIn: 'rc.subr' },
  openbsd: {
    script: 'openbsd/ifdepd',
    prefix: '/usr/local',
    subr: '/etc/rc.d/rc.subr',
    standIn: 'openbsd-rc.subr',
  },
} as const satisfies Record<string, RcSystem>;

/** A shell that scripts are tried with, and how it is started. */
export const shells = {
  dash: ['dash'],
  bash: ['bash', '--posix'],
  mksh: ['mksh'],
} as const;

/** Whether a program is there. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** The path of a file below service/. */
export function servicePath(name: string): string {
  return fileURLToPath(new URL(`../../service/${name}`, import.meta.url));
}

/** @param settings the text of rc.conf(5), or the flags in rc.conf.local(8); {} stands for the directory */
export function rcScript(system: RcSystem, shell: readonly string[], settings: string): RcScript {
  const root = mkdtempSync(join(tmpdir(), 'ifdepd-rc-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const bin = join(root, 'bin');
  mkdirSync(bin);
  mkdirSync(join(root, 'run'));
  const words = join(root, 'words');
  const subr = join(root, 'rc.subr');
  const source = fileURLToPath(new URL(`../service/${system.standIn}`, import.meta.url));
  writeFileSync(subr, readFileSync(source));
  writeFileSync(join(bin, 'ifdepd'), `#!/bin/sh\nprintf '%s\\n' "$@" > ${words}\n`);
  chmodSync(join(bin, 'ifdepd'), 0o755);
  const conf = join(root, 'rc.conf');
  const text = settings.replaceAll('{}', root);
  writeFileSync(conf, text);
  const script = join(root, 'script');
  const given = readFileSync(servicePath(system.script), 'utf8');
  writeFileSync(
    script,
    given
      .replaceAll(system.subr, subr)
      .replaceAll(`${system.prefix}/bin`, bin)
      .replaceAll('/var/run/', `${root}/run/`),
  );
  return {
    root,
    run(action) {
      rmSync(words, { force: true });
      const [program = 'sh', ...options] = shell;
      const { status, stdout, stderr } = spawnSync(program, [...options, script, action], {
        encoding: 'utf8',
        env: { PATH: '/usr/bin:/bin', RC_CONF: conf, RC_FLAGS: text },
      });
      const started = existsSync(words) ? readFileSync(words, 'utf8').split('\n').slice(0, -1) : null;
      return { status, stdout, stderr, program: started };
    },
  };
}
