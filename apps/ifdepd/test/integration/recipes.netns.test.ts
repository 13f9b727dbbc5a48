import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { blocksOf, documentText } from '../support/documents.ts';
import { host } from '../support/host.ts';
import { daemon, home, program } from '../support/program.ts';

const keepalived = fileURLToPath(new URL('../../examples/linux-keepalived/keepalived.conf', import.meta.url));

/** For recipes that show commands alone. */
const GATEWAY = 'groups: {gateway: {sources: [eth0, eth1], destinations: [vrrp.51, vrrp.52]}}\n';

const recipes = documentText('docs/recipes.md')
  .split(/^## /m)
  .map((section): [string, string] => [section.split('\n')[0] ?? '', section])
  .filter(([, section]) => blocksOf(section, 'sh').length > 0);

test.each(recipes)(
  'docs/recipes.md, %s: its commands succeed beside a daemon with its configuration',
  async (_name, section) => {
    using _lab = host('eth0', 'eth1', 'vrrp.51', 'vrrp.52');
    ip('link', 'set', 'lo', 'up');
    // In place of /etc.
    using file = configFile(blocksOf(section, 'yaml')[0] ?? GATEWAY);
    mkdirSync(join(file.folder, 'keepalived'));
    copyFileSync(keepalived, join(file.folder, 'keepalived/keepalived.conf'));
    const ifdepd = join(file.folder, 'ifdepd');
    writeFileSync(ifdepd, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    chmodSync(ifdepd, 0o755);
    await using _running = await daemon(['-f', file.path]);
    for (const script of blocksOf(section, 'sh')) {
      const { status, stderr } = spawnSync('sh', ['-euc', script.replaceAll('/etc/', `${file.folder}/`)], {
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${file.folder}:${process.env['PATH']}`,
          RUNTIME_DIRECTORY: home,
          STATE_DIRECTORY: home,
        },
      });
      expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
    }
  },
);
