import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browse } from '../../ifdepd/test/support/browser.ts';
import { writeApiPages } from '../src/write-api-pages.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { serveSite } from './support/serve-site.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'ifdepd-api-pages-'));
  // Two packages, for a page of each kind.
  writeApiPages(root, out, ['packages/libc', 'packages/netif']);
});
afterAll(() => rmSync(out, { recursive: true }));

/** The rules of WCAG 2.2, A and AA. The order of headings is TypeDoc's. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** One page of each kind that TypeDoc writes. */
function onePageOfEachKind(): readonly string[] {
  const entries = readdirSync(out, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'assets');
  return [
    ...entries.filter(({ name }) => name.endsWith('.html')).map(({ name }) => name),
    ...folders.flatMap(({ name }) =>
      readdirSync(join(out, name))
        .slice(0, 1)
        .map((file) => `${name}/${file}`),
    ),
  ];
}

test.each([
  ['in light colours on a wide screen', { width: 1400, height: 1000 }],
  ['in dark colours at phone width', { width: 390, height: 844, dark: true }],
] as const)(
  'a page of the API of each kind %s has no fault of accessibility by WCAG, and its scripts run',
  async (_, screen) => {
    using site = await serveSite(`${out}/`);
    await using browsed = await browse(site.address, screen);
    const { page, errors } = browsed;
    const faults: unknown[] = [];
    const pages = onePageOfEachKind();
    for (const path of pages) {
      await page.goto(`${site.address}${path}`, { waitUntil: 'load' });
      faults.push(...(await accessibilityFaults(page, WCAG)).map((fault) => [path, ...fault]));
    }
    expect(pages.map((path) => path.split('/')[0])).toEqual(
      expect.arrayContaining([
        'index.html',
        'modules',
        'classes',
        'interfaces',
        'functions',
        'types',
        'variables',
      ]),
    );
    expect({ faults, errors }).toEqual({ faults: [], errors: [] });
  },
);
