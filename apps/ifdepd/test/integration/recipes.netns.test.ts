import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ip, keepalived, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { blocksOf, documentsIn, documentText } from '../support/documents.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';
import { shownCommands } from '../support/shown-commands.ts';

const keepalivedConf = fileURLToPath(
  new URL('../../examples/linux-keepalived/keepalived.conf', import.meta.url),
);

/** For recipes that show commands alone. */
const GATEWAY = 'groups: {gateway: {sources: [eth0, eth1], destinations: [vrrp.51, vrrp.52]}}\n';

/** The recipes, and the guides as a whole: each with its title. */
const sections = [
  ...documentText('docs/recipes.md').split(/^## /m),
  ...documentsIn('docs/guides').map(documentText),
].map((section): [string, string] => [section.split('\n')[0] ?? '', section]);
const commands = sections.filter(([, section]) => blocksOf(section, 'sh').length > 0);

test.each(commands)(
  'recipe or guide, %s: its commands succeed beside a daemon with its configuration',
  async (_title, section) => {
    using _lab = host('eth0', 'eth1', 'vrrp.51', 'vrrp.52');
    // In place of /etc.
    using file = configFile(blocksOf(section, 'yaml')[0] ?? GATEWAY);
    mkdirSync(join(file.folder, 'keepalived'));
    copyFileSync(keepalivedConf, join(file.folder, 'keepalived/keepalived.conf'));
    const shown = shownCommands(file);
    await using _running = await daemon(['-f', file.path]);
    for (const script of blocksOf(section, 'sh')) {
      const { status, stderr } = shown.run(script);
      expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
    }
  },
);

test('docs/recipes.md, the number in the file of a group: keepalived adds it to its priority, and follows it', async () => {
  using lab = host('eth0', 'eth1', 'lan0');
  ip('address', 'add', '192.0.2.2/24', 'dev', 'lan0');
  const [, section = ''] = sections.find(([, text]) => text.includes('value: weight')) ?? [];
  const inFolder = (text: string): string => text.replaceAll('/run/keepalived', file.folder);
  using file = configFile('');
  file.write(inFolder(blocksOf(section, 'yaml')[0] ?? ''));
  await using _running = await daemon(['-f', file.path]);
  const block = /^track_file uplinks \{\n.*?^\}$/ms.exec(inFolder(section))?.[0] ?? '';
  const router = { interface: 'lan0', vrid: 51, priority: 100, address: '192.0.2.1/24' };
  const tracked = [{ ...router, lines: ['track_file { uplinks }'] }];
  using routing = keepalived({ pid: process.pid }, file.folder, tracked, 1000, [block]);
  const becomes = (priority: number): Promise<unknown> =>
    until(
      () => `priority ${priority} in:\n${routing.log()}`,
      () => /.*effective priority.* to (\d+)/s.exec(routing.log())?.[1] === `${priority}`,
    );
  await becomes(130);
  lab.cables.eth0.cut();
  await becomes(110);
  lab.cables.eth1.cut();
  await becomes(100);
  lab.cables.eth0.repair();
  await becomes(120);
});
