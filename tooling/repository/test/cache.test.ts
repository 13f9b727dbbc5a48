import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { files, manifest, root, text } from './repository.ts';

/** The fields of a task in the plan of turbo that tests read. */
interface Task {
  readonly taskId: string;
  readonly directory: string;
  readonly dependencies: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly environmentVariables: { readonly specified: { readonly env: readonly string[] } };
}

function planned(): ReadonlyMap<string, Task> {
  const words = ['tooling/tasks/turbo.mjs', 'run', 'types', 'test', '--dry=json'];
  const plan = execFileSync(process.execPath, words, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const { tasks } = JSON.parse(plan) as { readonly tasks: readonly Task[] };
  return new Map(tasks.map((task) => [task.taskId, task]));
}

const tasks = planned();

/** Paths, from the root, of the files whose change makes a task run again. */
function inputsOf(taskId: string): readonly string[] {
  const task = tasks.get(taskId);
  if (task === undefined) return [];
  const own = Object.keys(task.inputs).map((path) => join(task.directory, path));
  return [...own, ...task.dependencies.flatMap(inputsOf)];
}

test('a change of any TypeScript file or project makes the types be checked again', () => {
  const all = files('*.ts', '*.mts', '*tsconfig*.json', '*/package.json').filter(
    (path) => !path.includes('/fixtures/') && /^(apps|packages|tooling)\//.test(path),
  );
  const inputs = new Set(inputsOf('//#types'));
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter((path) => !inputs.has(path))).toEqual([]);
});

test.each(['apps/ifdepd', 'packages/linkwatch', 'packages/netif'])(
  'a change of %s, or of what it depends on, makes its unit tests run again',
  (folder) => {
    const name = JSON.parse(text(`${folder}/package.json`)).name as string;
    const all = files(folder, 'packages/libc', 'tooling/netlab', 'tooling/vitest', 'docs', 'README.md');
    const inputs = new Set(inputsOf(`${name}#test`));
    expect(all.filter((path) => !inputs.has(path))).toEqual([]);
    expect(tasks.get(`${name}#test`)?.environmentVariables.specified.env).toContain('IFDEPD_*');
  },
);

/** Folders of the projects that a tsconfig.json refers to, from the root. */
function references(path: string): readonly string[] {
  return [...text(path).matchAll(/"path": "([^"]+)"/g)].map(([, to = '']) => join(dirname(path), to));
}

test('`tsc -b` checks every project', () => {
  const projects = files('*tsconfig.json').filter((path) => path.includes('/'));
  expect([...references('tsconfig.json')].sort()).toEqual(projects.map(dirname).sort());
});

test('a project refers to the packages that its package depends on, and so reads their declarations', () => {
  const workspaces = files('*/*/package.json').map(dirname);
  const projects = new Map(workspaces.map((folder) => [manifest(folder).name, folder]));
  for (const folder of workspaces.filter((path) => existsSync(join(root, path, 'tsconfig.json')))) {
    const { dependencies, devDependencies } = manifest(folder);
    const needed = Object.keys({ ...dependencies, ...devDependencies })
      .map((name) => projects.get(name) ?? '')
      .filter((path) => existsSync(join(root, path, 'src/index.ts')));
    const own = files(`${folder}/tsconfig.json`, `${folder}/test/tsconfig.json`).flatMap(references);
    expect(own, folder).toEqual(expect.arrayContaining(needed));
  }
});
