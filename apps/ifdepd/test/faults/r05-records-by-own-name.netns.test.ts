import { readdirSync } from 'node:fs';
import { ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

test.each([
  ['vip', 'carp0', 'carp0'],
  ['carp0', 'carp0', 'vip'],
  ['vip', 'lan0', 'vip'],
  ['vip', 'lan0', 'lan0'],
])(
  'a destination that a killed daemon lowered as %s, with the interface named %s and then configured as %s, is raised as owned',
  async (before, name, after) => {
    using lab = host('em0', 'carp0');
    ip('link', 'property', 'add', 'dev', 'carp0', 'altname', 'vip');
    const rule = (id: string) => `groups: {g: {sources: [em0], destinations: [${id}], raise: owned}}`;
    using file = configFile(rule(before));
    {
      await using running = await daemon(['-f', file.path]);
      lab.cables.em0.cut();
      await running.line(/set down/);
      running.signal('SIGKILL');
      await running.ended;
    }
    expect(lab.isUp('carp0')).toBe(false);
    if (name !== 'carp0') {
      ip('link', 'set', 'carp0', 'name', name);
    }
    lab.cables.em0.repair();
    file.write(rule(after));
    await using _running = await daemon(['-f', file.path]);
    await lab.allAre('up', [name]);
  },
);

test.each([
  ['in another order', 'carp1:carp0'],
  ['by another name of an interface', 'vip:carp1'],
])(
  'destinations of the command line that a killed daemon lowered, and then given %s, have the same journal, and are raised as owned',
  async (_how, again) => {
    using lab = host('em0', 'carp0', 'carp1');
    ip('link', 'property', 'add', 'dev', 'carp0', 'altname', 'vip');
    using file = configFile('');
    const env = { STATE_DIRECTORY: file.folder };
    const start = (destinations: string) =>
      daemon(['-S', 'em0', '-D', destinations, '--raise', 'owned'], { env });
    {
      await using running = await start('carp0:carp1');
      lab.cables.em0.cut();
      await lab.allAre('down', ['carp0', 'carp1']);
      running.signal('SIGKILL');
      await running.ended;
    }
    lab.cables.em0.repair();
    await using _running = await start(again);
    await lab.allAre('up', ['carp0', 'carp1']);
    expect(readdirSync(file.folder).filter((name) => name.endsWith('.journal'))).toHaveLength(1);
  },
);
