import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { run, runToEnd } from '../support/program.ts';

/** What a terminal obeys, or what shows text in another order than it stands in. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}]/u;

/** An interface whose name clears the screen, one whose name is not UTF-8, and texts that set the title of the window. */
const HOSTILE_LINKS = `set -e
ip link add name "$(printf 'a\\033[2J')" type veth peer name "$(printf 'b\\233c\\177')"
ip link add name "$(printf 'c\\302\\233m')" type veth peer name far0
ip link set dev far0 alias "$(printf '\\033]0;pwned\\007')"
ip link property add dev far0 altname "$(printf 'e\\033[31m')"`;

const config = (folder: string) => `groups:
  g:
    require: {any: [em0, {check: hostile}]}
    destinations: [carp0, {file: "${folder}/no", up: "\\e[1m", down: "0"}]
checks:
  hostile: {exec: [sh, -c, "printf '\\\\033[2J\\\\233m hostile\\\\342\\\\200\\\\256 words\\\\n' >&2; exit 1"], every: 100ms}
`;

test('no name from outside reaches a terminal, a log or a scraper raw', async () => {
  using lab = host('em0', 'carp0');
  expect(spawnSync('sh', ['-c', HOSTILE_LINKS], { encoding: 'utf8' })).toMatchObject({
    stderr: '',
    status: 0,
  });
  using file = configFile('');
  file.write(config(file.folder));
  const socket = join(file.folder, 's');
  const said = new Map<string, string>();

  for (const format of ['text', 'json']) {
    const words = ['-s', socket, '--metrics', '0', '--log-format', format, '-f', file.path];
    await using running = run(['-v', ...words]);
    await running.line(/ready: /);
    const port = /127\.0\.0\.1:(\d+)/.exec(await running.line(/metrics on/))?.[1];
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    await running.line(/carp0.*set down/);
    const curl = (...more: readonly string[]) =>
      spawnSync('curl', ['-s', ...more], { encoding: 'utf8' }).stdout;
    said.set('curl /metrics', curl(`http://127.0.0.1:${port}/metrics`));
    for (const what of ['status', 'interfaces', 'policy', 'explain', 'events', 'explain/%1b[2J']) {
      said.set(`curl ${what}`, curl('--globoff', '--unix-socket', socket, `http://x/v1/${what}`));
    }
    const group = 'g';
    for (const line of [
      ['status', '-s', socket],
      ['status', '--json', '-s', socket],
      ['explain', '-s', socket],
      ['explain', '\u001b[2J', '-s', socket],
      ['events', '-s', socket],
      ['events', '--json', '-s', socket],
      ['pause', group, '--for', '10m', '-s', socket],
      ['resume', group, '-s', socket],
      ['resume', '\u001b[2J', '-s', socket],
      ['interfaces'],
      ['interfaces', '--json'],
      ['check', '-f', file.path],
      ['check', '--json', '-f', file.path],
      ['plan', '-f', file.path],
      ...['text', 'mermaid', 'dot'].map((kind) => ['graph', '--format', kind, '-f', file.path]),
      ['graph', '--json', '-f', file.path],
      ['-S', '\u001b[2J', '-D', 'carp0'],
      ['-f', '/no\u001b[2J\u009bm'],
      ['\u001b[2J'],
      ['--\u009b31m'],
    ]) {
      const { stdout, stderr } = await runToEnd(line);
      said.set(`${line.join(' ')}, ${format}`, stdout + stderr);
    }
    running.signal('SIGTERM');
    const { stderr } = await running.ended;
    said.set(`log, ${format}`, stderr);
    lab.cables.em0.repair();
  }

  const raw = [...said].filter(([, text]) => OBEYED.test(text));
  expect(Object.fromEntries(raw)).toEqual({});
  expect([...said].filter(([, text]) => text === '')).toEqual([]);
  // They are shown, nevertheless, and each as another.
  expect(said.get('interfaces, text')).toContain('a\\x1b[2J');
  expect(said.get('interfaces, text')).toContain('b\\x9bc\\x7f');
  expect(said.get('interfaces, text')).toContain('c\\x9bm');
  expect(said.get('interfaces, text')).toContain('also e\\x1b[31m');
  expect(JSON.parse(said.get('interfaces --json, text') ?? '')).toContainEqual(
    expect.objectContaining({ name: 'a\u001b[2J' }),
  );
  expect(said.get(`status -s ${socket}, text`)).toContain('hostile words');
});

const ESCAPE = '\u001b';

/** What a live view itself orders a terminal to do: another screen, its cursor, the beginning, and colours. */
const OWN = new RegExp(`${ESCAPE}\\[(?:\\?1049[hl]|\\?25[hl]|H|J|\\d{1,2}m)`, 'g');

test.for([
  ['status', 'a terminal'],
  ['status', 'a pipe'],
  ['interfaces', 'a terminal'],
  ['interfaces', 'a pipe'],
] as const)('%s --watch on %s shows hostile names and obeys none', async ([command, where], { skip }) => {
  skip(spawnSync('script', ['--version']).error !== undefined, 'script(1) is not installed');
  using lab = host('em0', 'carp0');
  spawnSync('sh', ['-c', HOSTILE_LINKS]);
  using file = configFile('');
  file.write(config(file.folder));
  const socket = join(file.folder, 's');
  await using running = run(['-v', '-s', socket, '-f', file.path]);
  await running.line(/ready: /);
  const words = command === 'status' ? ['status', '--watch', '-s', socket] : ['interfaces', '--watch'];
  // script(1) gives its words to a shell: there is nothing in ours that one would obey.
  const under = ['sh', '-c', 'exec script -qefc "stty cols 200 rows 50; exec $*" /dev/null', 'sh'];
  await using view = run(words, where === 'a terminal' ? { under } : {});
  const shown = command === 'status' ? 'hostile words' : 'b\\x9bc\\x7f';
  await until(
    () => `${shown} in ${JSON.stringify(view.output)}`,
    () => view.output.includes(shown),
  );
  const before = view.output.length;
  lab.cables.em0.cut();
  await until('another picture', () => view.output.length > before);
  expect(OBEYED.exec(view.output.replace(OWN, '').replaceAll('\r\n', '\n'))).toBeNull();
});
