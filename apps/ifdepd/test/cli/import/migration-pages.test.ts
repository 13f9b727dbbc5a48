import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/arguments/arguments.ts';
import { commandLineSettings } from '../../../src/cli/arguments/command-line-settings.ts';
import { formOf, forms } from '../../../src/cli/import/forms.ts';
import { writeConfig } from '../../../src/cli/import/write-config.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';

const folder = fileURLToPath(new URL('../../../../../docs/migration', import.meta.url));
const pages = readdirSync(folder).filter((name) => name !== 'README.md');

/** The file before, and the configuration after, as a page of docs/migration writes them. */
function example(page: string): { readonly file: string; readonly before: string; readonly after: string } {
  const text = readFileSync(join(folder, page), 'utf8');
  const [, file = '', before = ''] = /\n## Before\n\n`([^`]+)`:\n\n```\w*\n(.*?)```\n/s.exec(text) ?? [];
  const [, after = ''] = /\n## After\n.*?```yaml\n(.*?)```\n/s.exec(text) ?? [];
  return { file, before, after };
}

test('the index of the migration pages names each of them', () => {
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  expect([...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name).sort()).toEqual(pages.sort());
});

test.each(pages.filter((name) => name !== 'original.md'))(
  'docs/migration/%s: the configuration after is what `ifdepd import` prints for the one before, and is valid',
  (page) => {
    const { file, before, after } = example(page);
    const form = formOf(before, file);
    if (form === null) {
      throw new Error(`${file} is of no program that is known`);
    }
    expect(writeConfig([{ file: basename(file), imported: forms[form].read(before) }])).toBe(after);
    expect(Object.keys(parseSettings(after, page).policy.groups).length).toBeGreaterThan(0);
  },
);

test('docs/migration/original.md: the configuration after means what the variables of rc.conf(5) mean', () => {
  const { before, after } = example('original.md');
  const list = (name: string) =>
    new RegExp(`^${name}="(.+)"$`, 'm').exec(before)?.[1]?.replace(' ', ':') ?? '';
  const words = ['-d', '-S', list('ifdepd_src_ifaces'), '-D', list('ifdepd_dst_ifaces')];
  const started = readArguments(words);
  if (started.command !== 'daemon' || started.arguments.group === null) {
    throw new Error(`${words.join(' ')} starts no daemon`);
  }
  const { cli } = commandLineSettings(started.arguments.group).policy.groups;
  expect(parseSettings(after, 'original.md').policy.groups).toEqual({ gateway: cli });
});
