import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packTarballs, registryFolders, root } from '../support/tarballs.ts';

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { name?: string; run?: string }[] }>>;
}

const { jobs } = parse(readFileSync(join(root, '.github/workflows/smoke.yml'), 'utf8')) as Workflow;

/** What a step of the public workflow runs. */
function script(job: string, name: string): string {
  const step = jobs[job]?.steps.find((one) => one.name === name);
  return step?.run ?? expect.unreachable(`smoke.yml has no step ${name} in ${job}`);
}

/** Runs a script as a job does, in the directory. */
function bash(text: string, env: NodeJS.ProcessEnv = {}) {
  return spawnSync('unshare', ['--net', 'bash', '-e', '-o', 'pipefail', '-c', text], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
}

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ifdepd-workflow-'));
  for (const folder of ['packages', 'apps', 'tooling']) {
    symlinkSync(join(root, folder), join(directory, folder));
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

// npm packs and installs, each of which may take its time on a busy machine.
const timeout = 600_000;

test('packed and installed by the steps of the public workflow, it passes the smoke tests that other systems run', {
  timeout,
}, () => {
  // Installed and built it is already; and what a registry would send is packed beside it.
  const pack = script('pack', 'Build and pack').replace('npm ci\nnpm run build\n', '');
  expect(pack).not.toMatch(/npm ci|npm run/);
  const packed = bash(pack);
  expect(packed.status, packed.stderr).toBe(0);
  packTarballs(join(directory, 'smoke/packed'), registryFolders);

  const { status, stdout, stderr } = bash(`sudo() { "$@"; }\n${script('linux', 'Smoke tests')}`, {
    NPM_FLAGS: '--offline --omit=optional --ignore-scripts',
  });
  const count = (what: string) => Number(new RegExp(`^\\S+ ${what} (\\d+)$`, 'm').exec(stdout)?.[1]);
  const counts = { pass: count('pass'), fail: count('fail'), skipped: count('skipped') };
  expect({ status, counts }, stdout + stderr).toEqual({
    status: 0,
    counts: { pass: 7, fail: 0, skipped: 1 },
  });
  expect(stdout).toContain('Linux has no carp(4)');
});
