import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { files, root, text } from './repository.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly Step[]; readonly 'timeout-minutes'?: number }>
  >;
}

const paths = files('.github/workflows/*.yml');
const workflow = (path: string): Workflow => parse(text(path), { strict: true }) as Workflow;
const stepsOf = (path: string): readonly Step[] =>
  Object.values(workflow(path).jobs).flatMap(({ steps }) => steps);
const scripts = paths.flatMap((path) =>
  stepsOf(path).flatMap((step) =>
    step.run === undefined ? [] : [{ path, name: step.name ?? step.run, shell: step.shell, run: step.run }],
  ),
);

test('there are some', () => {
  expect([...paths].sort()).toEqual(
    ['ci', 'release', 'site', 'smoke'].map((name) => `.github/workflows/${name}.yml`),
  );
  expect(scripts.length).toBeGreaterThan(8);
});

describe.each(paths)('%s', (path) => {
  test('may only read, unless a job says what else', () => {
    expect(workflow(path).permissions).toEqual({ contents: 'read' });
  });

  test('ends: every job has a limit', () => {
    const limits = Object.values(workflow(path).jobs).map((job) => job['timeout-minutes']);
    expect(limits.filter((limit) => limit === undefined)).toEqual([]);
  });

  test('every action is one commit, and says which version that is', () => {
    const used = stepsOf(path).flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(used.length).toBeGreaterThan(0);
    const pinned = [...text(path).matchAll(/uses: (\S+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$/gm)].map(
      ([, action]) => action,
    );
    expect(used).toEqual(pinned);
  });
});

test('every system that the daemon is for is tried', () => {
  const { os } = JSON.parse(text('apps/ifdepd/package.json')) as { os: string[] };
  const table = `import { systems } from ${JSON.stringify(join(root, 'tooling/smoke/systems.mjs'))};`;
  const { stdout } = spawnSync(process.execPath, [
    ...['--input-type=module', '-e', `${table} console.log(Object.keys(systems).sort().join())`],
  ]);
  expect(String(stdout).trim().split(',')).toEqual([...os].sort());
  const smoke = text('.github/workflows/smoke.yml');
  const inMachines = [...smoke.matchAll(/- system: (\w+)$/gm)].map(([, system]) => system);
  const runners = { linux: 'ubuntu-24.04', darwin: 'macos-15' };
  const tried = os.filter((one) =>
    one in runners
      ? smoke.includes(runners[one as keyof typeof runners])
      : inMachines.includes(one === 'dragonfly' ? 'dragonflybsd' : one),
  );
  expect(tried).toEqual(os);
});

test('the README of ifdepd installs Node on each BSD with the packages that the smoke tests use', () => {
  const commands = [...text('.github/workflows/smoke.yml').matchAll(/^ +prepare: (.+)$/gm)].map(
    ([, command = '']) => command.replace(' -y', ''),
  );
  expect(commands.length).toBeGreaterThan(4);
  const readme = text('apps/ifdepd/README.md');
  expect(commands.filter((command) => !readme.includes(`\`${command}\``))).toEqual([]);
});

test('an action is the same commit everywhere', () => {
  const commits = new Map<string, Set<string>>();
  for (const { uses } of paths.flatMap(stepsOf)) {
    const [action = '', commit = ''] = uses?.split('@') ?? [];
    commits.set(action, (commits.get(action) ?? new Set()).add(commit));
  }
  expect([...commits.values()].filter(({ size }) => size > 1)).toEqual([]);
});

describe.each(scripts)('$path: $name', ({ run, shell }) => {
  const program = shell === undefined ? 'bash' : 'sh';

  test('is a script', () => {
    expect(spawnSync(program, ['-n'], { input: run, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test('shellcheck finds nothing', ({ skip }) => {
    const { error, stdout, status } = spawnSync('shellcheck', ['-s', program, '-'], {
      input: run,
      encoding: 'utf8',
    });
    skip(error !== undefined, 'shellcheck is not installed');
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  test('has nothing put into it: values come by the environment', () => {
    expect(run).not.toContain('${{');
  });

  test('names files that are there', () => {
    const named = [...run.matchAll(/(?<![\w/.-])(?:\.\/)?((?:packages|apps|tooling|\.ci)\/[\w./-]+)/g)].map(
      ([, path]) => path ?? '',
    );
    expect(named.filter((path) => files(path, `${path}/*`).length === 0 && !path.endsWith('/'))).toEqual([]);
  });
});

const forms = files('.github/ISSUE_TEMPLATE/*.yml').filter((path) => !path.endsWith('/config.yml'));

test.each(forms)(
  '%s is an issue form: it has a name, a description and something that must be filled in',
  (path) => {
    const form = parse(text(path), { strict: true }) as {
      readonly body: readonly { readonly validations?: { readonly required?: boolean } }[];
    };
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
    expect(form.body.filter(({ validations }) => validations?.required === true).length).toBeGreaterThan(0);
  },
);

test('SUPPORT.md names each line of Node that the workflow tests, and no other', () => {
  const supported = [...text('SUPPORT.md').matchAll(/^\| (\d\d)\b.*\| yes/gm)].map(([, line]) => line);
  const tested = [...text('.github/workflows/ci.yml').matchAll(/node: \[(.+)\]/g)].flatMap(([, all = '']) =>
    [...all.matchAll(/'(\d+)[.\d]*'/g)].map(([, line]) => line),
  );
  expect(supported).toEqual([...new Set(tested)]);
});

test('a bot proposes newer versions of every kind of dependency that the repository has', () => {
  const { updates } = parse(text('.github/dependabot.yml'), { strict: true }) as {
    readonly updates: readonly { readonly 'package-ecosystem': string; readonly directory: string }[];
  };
  expect(updates.map((one) => one['package-ecosystem']).sort()).toEqual(['github-actions', 'npm']);
});
