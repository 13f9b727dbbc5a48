import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { enterNewNamespace } from '@ifdepd/netlab';
import { bundle } from '@ifdepd/packed';
import { expect, test } from 'vitest';

test.each(['faulty-calls', 'faulty-files'])(
  '%s of a daemon, first, later and for a while: no exception, no spin, the right end state',
  (name) => {
    enterNewNamespace();
    using child = bundle(fileURLToPath(new URL('../..', import.meta.url)), {
      file: `test/children/${name}.ts`,
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [child.path], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { played, wrong } = JSON.parse(stdout);
    expect(wrong).toEqual([]);
    expect(played).toBeGreaterThan(100);
  },
);
