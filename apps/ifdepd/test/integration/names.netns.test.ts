import { ip } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

/** Names that every object of JavaScript has already. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'isPrototypeOf', 'valueOf'] as const;

describe('an interface that no configuration names', () => {
  test.each(INHERITED)('%s, with an address, disturbs nothing', async (name) => {
    using lab = host('em0', 'carp0', name);
    ip('addr', 'add', '192.0.2.1/24', 'dev', name);
    await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
    for (const words of [
      ['check', '-S', 'em0', '-D', 'carp0'],
      ['plan', '-S', 'em0', '-D', 'carp0'],
      ['status'],
    ]) {
      expect(await runToEnd(words)).toMatchObject({ code: 0, stderr: '' });
    }
    const { stdout } = await runToEnd(['interfaces', '--json']);
    const names = (JSON.parse(stdout) as { name: string }[]).map((one) => one.name);
    expect(names).toContain(name);
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  test('an interface in no configuration, with a link message larger than a page, disturbs nothing', async () => {
    using lab = host('em0', 'carp0', 'em1');
    ip('addr', 'add', '192.0.2.1/24', 'dev', 'em1');
    const long = Array.from({ length: 40 }, (_, at) => `${'n'.repeat(100)}${at}`);
    for (const name of long) {
      ip('link', 'property', 'add', 'dev', 'em1', 'altname', name);
    }
    await using _running = await daemon(['-S', 'em0', '-D', 'carp0']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    expect(await runToEnd(['check', '-S', 'em0', '-D', 'carp0'])).toMatchObject({ code: 0, stderr: '' });
  });
});

test.each([
  ['__proto__', 'constructor'],
  ['toString', '__proto__'],
] as const)('%s as a source and %s as a destination', async (source, destination) => {
  using lab = host(source, destination);
  await using _running = await daemon(['-S', source, '-D', destination]);
  lab.cables[source].cut();
  await lab.allAre('down', [destination]);
  const { stdout } = await runToEnd(['status', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    groups: [{ phase: 'down', sources: [{ id: source, health: 'failed' }], destinations: [destination] }],
    destinations: [{ id: destination, is: 'down', heldBy: ['cli'] }],
  });
  lab.cables[source].repair();
  await lab.allAre('up', [destination]);
});

test('groups and checks of such names, in every command', async () => {
  using lab = host('valueOf', 'isPrototypeOf', '__proto__', 'toString', 'carp0');
  using file = configFile('');
  file.write(`groups:
  __proto__: {sources: [valueOf], destinations: [__proto__]}
  constructor: {require: {any: [isPrototypeOf, {check: __proto__}]}, destinations: [toString]}
  toString: {require: {all: [{group: __proto__}, {group: constructor}]}, destinations: [carp0]}
checks:
  __proto__: {file: ${file.folder}/isPrototypeOf, active-when: present}
hooks: [{exec: [/bin/true]}]
`);
  for (const words of [['check'], ['check', '--json'], ['plan'], ['plan', '--json'], ['-n'], ['graph']]) {
    expect(await runToEnd([...words, '-f', file.path])).toMatchObject({ code: 0, stderr: '' });
  }
  await using running = await daemon(['-f', file.path]);
  lab.cables.valueOf.cut();
  await lab.allAre('down', ['__proto__', 'carp0']);
  expect(lab.isUp('toString')).toBe(true);
  const { stdout } = await runToEnd(['status', '--json']);
  const { groups } = JSON.parse(stdout) as { groups: { name: string; phase: string }[] };
  expect(groups.map(({ name, phase }) => [name, phase])).toEqual([
    ['__proto__', 'down'],
    ['constructor', 'up'],
    ['toString', 'down'],
  ]);
  for (const words of [
    ['explain'],
    ['explain', '__proto__'],
    ['events'],
    ['pause', 'constructor', '--for', '1m'],
    ['resume', 'constructor'],
    ['reload'],
  ]) {
    expect(await runToEnd(words)).toMatchObject({ code: 0, stderr: '' });
  }
  lab.cables.valueOf.repair();
  await lab.allAre('up', ['__proto__', 'carp0']);
  running.signal('SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0 });
});

test('a group or interface that is none is not found among what every object has', async () => {
  using _lab = host('em0', 'carp0');
  await using _running = await daemon(['-S', 'em0', '-D', 'carp0']);
  for (const name of INHERITED) {
    for (const command of ['explain', 'pause', 'resume']) {
      const { code, stderr } = await runToEnd([command, name]);
      expect([command, name, code]).toEqual([command, name, 1]);
      expect(stderr).toContain(name);
    }
  }
});
