import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

const keepalived = fileURLToPath(new URL('../../examples/linux-keepalived/keepalived.conf', import.meta.url));

test('the imported example of keepalived fails over', async () => {
  using lab = host('eth0', 'eth1', 'vrrp.51', 'vrrp.52');
  using file = configFile('');
  const imported = await runToEnd(['import', keepalived]);
  expect(imported).toMatchObject({ code: 0, stderr: '' });
  file.write(imported.stdout);
  expect(await runToEnd(['check', '-f', file.path])).toMatchObject({ code: 0 });
  await using _running = await daemon(['-f', file.path]);
  lab.cables.eth0.cut();
  await lab.allAre('down', ['vrrp.51']);
  expect(lab.isUp('vrrp.52')).toBe(true);
});

test('--json prints a configuration that is valid as it stands, and what it was made from', async () => {
  using file = configFile('');
  const { stdout } = await runToEnd(['import', '--json', keepalived]);
  const { config, taken } = JSON.parse(stdout) as { config: object; taken: object[] };
  expect(taken).toContainEqual(expect.objectContaining({ file: 'keepalived.conf' }));
  const json = join(file.folder, 'ifdepd.json');
  writeFileSync(json, JSON.stringify(config));
  const { stdout: graph } = await runToEnd(['graph', '-f', json]);
  expect(graph).toContain('vrrp.51');
});

test('several files make one configuration; groups of one name get a number', async () => {
  using file = configFile('');
  const network = (name: string, carrier: string): string => {
    const path = join(file.folder, `${carrier}.network`);
    writeFileSync(path, `[Match]\nName=${name}\n[Network]\nBindCarrier=${carrier}\n`);
    return path;
  };
  const { stdout } = await runToEnd(['import', network('lan0', 'eth0'), network('lan0', 'eth1')]);
  expect(stdout.match(/^ {2}lan0(?:-2)?:$/gm)).toEqual(['  lan0:', '  lan0-2:']);
});

test.each<[string, string, number, RegExp]>([
  [
    'nothing that could be taken',
    '[Match]\nName=lan*\n[Network]\nBindCarrier=eth0\n',
    65,
    /there is nothing to take\n.*:2: lan\*: a pattern/,
  ],
  ['a text of no program', 'hello\n', 65, /cannot be recognised; name it: --from keepalived\|/],
  ['a torn file', 'vrrp_instance A {\n', 65, /:1: the '\{' has no '\}' \(read as keepalived\)/],
  [
    'a source that would be its own destination',
    'state a {\n if em0.link.down run "ifconfig em0 down"\n}\n',
    65,
    /it has to be changed by hand before it is valid:\n {2}groups\.a.*em0/,
  ],
])('%s: the error says so', async (_name, text, code, message) => {
  using file = configFile(text);
  const ended = await runToEnd(['import', file.path]);
  expect(ended.code).toBe(code);
  expect(ended.stderr).toMatch(message);
});

test('no file, an unknown program, a file that is not there: the error says so', async () => {
  expect((await runToEnd(['import'])).stderr).toMatch(/'import' needs a file/);
  expect((await runToEnd(['import', '--from', 'keepalive', keepalived])).stderr).toMatch(
    /--from 'keepalive': must be one of keepalived, .*keepalived/,
  );
  expect((await runToEnd(['import', '/none'])).stderr).toMatch(/\/none: cannot be read: .*ENOENT/);
});
