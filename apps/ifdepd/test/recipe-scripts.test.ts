import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { blocksOf, documentsIn, documentText } from './support/documents.ts';
import { has, rcScript, rcSystems } from './support/rc-script.ts';

/** Blocks of code in documents about situations, by their language. */
const blocks = (language: string) =>
  documentsIn('docs/recipes', 'docs/guides').flatMap((path) =>
    blocksOf(documentText(path), language).map((text, at) => ({ path, number: at + 1, text })),
  );
const scripts = [...blocks('sh'), ...blocks('bash')];

test.for(scripts)('$path: script $number is correct for sh and for shellcheck', ({ text }, { skip }) => {
  expect(spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  skip(!has('shellcheck'), 'shellcheck is not installed');
  const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: text, encoding: 'utf8' });
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
});

test.for(blocks('yml'))("$path: block $number of another program's YAML is valid", ({ text }) => {
  expect(parse(text, { strict: true })).toBeInstanceOf(Object);
});

test('docs/recipes/pfsense-opnsense.md: the script of FreeBSD starts the daemon with the variables of the page', () => {
  const [, variables = ''] =
    /^```\n# \/etc\/rc\.conf\.d\/ifdepd\n(.*?)^```$/ms.exec(
      documentText('docs/recipes/pfsense-opnsense.md'),
    ) ?? [];
  const script = rcScript(rcSystems.freebsd, ['sh'], variables);
  const { status, stderr, program } = script.run('start');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const pidfile = join(script.root, 'run/ifdepd.pid');
  expect(program).toEqual([
    ...['--up-delay', '5s', '-d', '--wait', '-p', pidfile],
    ...['-S', 'igb0', '-D', '1@igb1:2@igb2'],
  ]);
});
