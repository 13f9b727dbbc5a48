import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { files, manifest, published, root, text } from './repository.ts';

// The checks of OpenSSF's Scorecard that a clone can answer. workflows.test.ts has those of pinned actions, permissions and scripts.

/** The first bytes of programs, archives and compiled code, in hexadecimal. */
const BINARIES = [
  ...['7f454c46', '4d5a', 'cafebabe', 'cffaedfe', 'cefaedfe', 'feedfacf', '0061736d', '213c617263683e'],
  ...['504b0304', '1f8b08', 'fd377a585a00', '28b52ffd', '425a68'],
];

function beginsWith(path: string): string {
  const descriptor = openSync(join(root, path), 'r');
  const bytes = Buffer.alloc(8);
  const length = readSync(descriptor, bytes);
  closeSync(descriptor);
  return bytes.toString('hex', 0, length);
}

test('no program, archive or compiled code is in the repository', () => {
  const all = files();
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter((path) => BINARIES.some((magic) => beginsWith(path).startsWith(magic)))).toEqual([]);
});

const workflows = files('.github/workflows/*.yml');

/** Jobs that may write, by their workflows. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  'release.yml': ['release'],
  'site.yml': ['deploy'],
};

describe.each(workflows)('%s', (path) => {
  const { on, jobs } = parse(text(path)) as {
    readonly on: object;
    readonly jobs: Readonly<
      Record<string, { readonly permissions?: object; readonly steps: readonly Step[] }>
    >;
  };
  interface Step {
    readonly uses?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly run?: string;
  }
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test('never gives the rights of this repository to the code of a pull request', () => {
    expect(Object.keys(on)).not.toContain('pull_request_target');
    expect(Object.keys(on)).not.toContain('workflow_run');
  });

  test('no job but that of the release, and the one that publishes the site, may write', () => {
    const writers = Object.entries(jobs).filter(([, { permissions }]) => permissions !== undefined);
    const [name = ''] = /[^/]+$/.exec(path) ?? [];
    expect(writers.map(([job]) => job)).toEqual(WRITERS[name] ?? []);
  });

  test('leaves no credentials in the folder of a checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test('installs packages of npm by the lock file alone, and runs nothing that it has downloaded', () => {
    const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run])).join('\n');
    expect(scripts.match(/\bnpm (?:install|i|add)\b|\bnpx (?!changeset\b)|\b(?:curl|wget)\b/g) ?? []).toEqual(
      [],
    );
  });
});

test('the job that publishes the site runs no code of the repository, and holds no token', () => {
  const workflow = text('.github/workflows/site.yml');
  const { jobs } = parse(workflow) as {
    jobs: Readonly<Record<string, { steps: readonly { uses?: string }[] }>>;
  };
  expect(jobs['deploy']?.steps.map(({ uses }) => uses?.split('@')[0])).toEqual(['actions/deploy-pages']);
  expect(workflow).not.toContain('secrets.');
});

test('every package is published with provenance', () => {
  expect(published.filter((folder) => manifest(folder).publishConfig?.provenance !== true)).toEqual([]);
});

test('SECURITY.md has the address for private reports, and the issue forms send people there', () => {
  const address = manifest('.').bugs?.url.replace(/issues$/, 'security/advisories/new') ?? '';
  expect(text('SECURITY.md')).toContain(`(${address})`);
  expect(text('.github/ISSUE_TEMPLATE/config.yml')).toContain(address);
});

test('CODEOWNERS has an owner for everything, and names paths that exist', () => {
  const rules = text('.github/CODEOWNERS')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/));
  expect(rules[0]?.[0]).toBe('*');
  expect(rules.filter(([, ...owners]) => !owners.some((owner) => owner.startsWith('@')))).toEqual([]);
  const gone = rules.slice(1).filter(([path = '']) => !existsSync(join(root, path)));
  expect(gone).toEqual([]);
});

test('SUPPORT.md says of each line of Node and of each system of the daemon what is tested', () => {
  const support = text('SUPPORT.md');
  const { os = [] } = manifest('apps/ifdepd');
  const names: Readonly<Record<string, string>> = {
    linux: 'Linux',
    freebsd: 'FreeBSD',
    openbsd: 'OpenBSD',
    netbsd: 'NetBSD',
    dragonfly: 'DragonFly BSD',
    darwin: 'macOS',
  };
  expect(os.filter((system) => !support.includes(names[system] ?? `${system}?`))).toEqual([]);
  const lines = [...support.matchAll(/^\| \d\d\b[^|]*\| yes[^|]*\| ([^|]+) \|$/gm)];
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter(([, until = '']) => !/^20\d\d-\d\d-\d\d/.test(until))).toEqual([]);
});
