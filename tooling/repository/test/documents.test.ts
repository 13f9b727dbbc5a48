import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, root, text } from './repository.ts';

const pages = files('*.md').filter((path) => !path.startsWith('.changeset/'));

/** Relative targets of a page's links and images, without fragments, from the root of the repository. */
function targetsOf(path: string): readonly string[] {
  const targets = [...text(path).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => join(dirname(path), target.replace(/#.*$/, '')));
}

test.for(pages)('%s links to files that exist', (path) => {
  expect(targetsOf(path).filter((target) => !existsSync(join(root, target)))).toEqual([]);
});

test('every design record that a file names exists', () => {
  const named = files('*.ts', '*.mjs', '*.md', '*.jsonc', '*.yml').flatMap((path) =>
    [...text(path).matchAll(/docs\/adr\/[\w-]+\.md/g)].map(([record]) => `${path}: ${record}`),
  );
  expect(named.filter((line) => !existsSync(join(root, line.split(': ')[1] ?? '')))).toEqual([]);
});

/** Pages about the daemon and the project, and what is installed with the daemon. READMEs of packages are their own. */
const prose = [
  ...pages,
  ...files('apps/ifdepd/man/*', 'apps/ifdepd/examples/**', 'apps/ifdepd/service/**'),
].filter((path) => !/^(?:packages|tooling)\//.test(path));

test('every file of TypeScript that a page names exists', () => {
  const sources = files('*.ts');
  const named = prose.flatMap((path) =>
    [...text(path).matchAll(/[\w./-]+\.ts\b/g)].map(([name]) => ({
      path,
      name: name.replace(/^(?:\.+\/)+/, ''),
    })),
  );
  expect(named.length).toBeGreaterThan(10);
  // `.packed.test.ts` is the end of a name, everything else is a whole one.
  const endOf = (name: string) => (name.startsWith('.') ? name : `/${name}`);
  const gone = named.filter(({ name }) => !sources.some((file) => `/${file}`.endsWith(endOf(name))));
  expect(gone).toEqual([]);
});

test('docs/reliability.md names each fault that has a test in apps/ifdepd/test/faults, and no other', () => {
  const named = [...text('docs/reliability.md').matchAll(/^- \*\*R\d+,[^(]*\(`(r\d\d)`/gm)].map(
    ([, name]) => name,
  );
  const faults = files('apps/ifdepd/test/faults/r[0-9]*.test.ts').map((path) => basename(path).slice(0, 3));
  expect(named).toEqual([...new Set(faults)].sort());
});

describe('the index of design records', () => {
  const index = text('docs/adr/README.md');
  const lines = [...index.matchAll(/^\| \[(.+)\]\((\S+\.md)\) \| (.+) \|$/gm)].map(
    ([, title, file = '', status = '']) => ({ title, file, status }),
  );

  test('has one line for each record, in the order of their dates', () => {
    const records = files('docs/adr/*.md').map((path) => basename(path));
    expect(lines.map(({ file }) => file)).toEqual(records.filter((name) => name !== 'README.md').sort());
  });

  test('gives each record the title of its page', () => {
    const titles = lines.map(({ file }) => /^# (.+)$/m.exec(text(`docs/adr/${file}`))?.[1]);
    expect(lines.map(({ title }) => title)).toEqual(titles);
  });

  test('gives each record a status', () => {
    const odd = lines.filter(({ status }) => !/^(?:accepted|superseded by|deleted with)\b/.test(status));
    expect(odd).toEqual([]);
  });
});

test.for(prose)('%s speaks plain English', (path) => {
  const dialect =
    /\b(?:whoever|(?:is|are) told|to be had|as ever|in so many words|hung up on|a courtesy)\b/gi;
  expect(text(path).match(dialect) ?? []).toEqual([]);
});

/** The cells of all tables of a page, as they are read: without the targets of links. */
function cellsOf(path: string): readonly string[] {
  const withoutCode = text(path).replace(/^```[\s\S]*?^```$/gm, '');
  const rows = withoutCode.split('\n').filter((line) => line.startsWith('|'));
  return rows.flatMap((row) =>
    row
      .replace(/\]\([^)]*\)/g, ']')
      .slice(1, -1)
      .split('|'),
  );
}

test.for(prose)('%s has no table cell of more than twelve words', (path) => {
  expect(cellsOf(path).filter((cell) => cell.trim().split(/\s+/).length > 12)).toEqual([]);
});
