import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { enterNewNamespace } from '@ifdepd/netlab';
import { bundle } from '@ifdepd/packed';
import { expect, test } from 'vitest';

const CALLS = ['faulty-calls', 'faulty-files'];

/** During what, and how many scenarios there are at least. */
const KINDS = [
  ['a start and a loss', 100],
  ['a reload', 50],
] as const;

test.each(CALLS.flatMap((name) => KINDS.map(([during, least]) => [name, during, least] as const)))(
  '%s of a daemon during %s, first, later and for a while: no exception, no spin, the right end state',
  (name, during, least) => {
    enterNewNamespace();
    using child = bundle(fileURLToPath(new URL('../..', import.meta.url)), {
      file: `test/children/${name}.ts`,
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [child.path, during], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { played, wrong } = JSON.parse(stdout);
    expect(wrong).toEqual([]);
    expect(played).toBeGreaterThan(least);
  },
);
