import { processFacts } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { processesWith } from '../support/processes.ts';
import { daemon } from '../support/program.ts';

test.each([
  ['hangs', (word: string) => `sleep 1000; : ${word}`],
  [
    'forks again and again',
    (word: string) =>
      `for i in 1 2 3 4 5 6 7 8; do (sleep 1000; : ${word}) & done; yes ${word} & exec sleep 1000`,
  ],
  [
    'prints a gigabyte',
    (word: string) => `head -c 1000000000 /dev/zero; head -c 1000000000 /dev/zero >&2; yes ${word}`,
  ],
])(
  'a check that %s is killed with all that it started, and its output fills no memory',
  async (_, script) => {
    using lab = host('em0', 'carp0');
    const word = `ifdepd-check-${process.pid}-${performance.now()}`;
    using file = configFile(`groups:
  g: {require: {all: [em0, {check: c}]}, destinations: [carp0]}
checks:
  c: {exec: [/bin/sh, -c, "${script(word)}", ${word}], every: 600s, timeout: 2s}
`);
    await using running = await daemon(['-f', file.path]);
    const before = processFacts(running.pid);
    // Meanwhile, decisions go on.
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    await running.line(/check c failed: sh timed out after 2 s/);
    await until('its processes to be gone', () => processesWith(word).length === 0);
    const after = processFacts(running.pid);
    expect(after.rss - before.rss).toBeLessThan(50 * 1024 * 1024);
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
  },
);
