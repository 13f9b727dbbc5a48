import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sampleMetrics } from '../../ifdepd/test/support/sample-metrics.ts';
import { imagesIn, withSiteLinks } from './links.ts';
import { manualPage } from './manual-page.ts';
import { apiPage } from './reference/api-page.ts';
import { configurationPage } from './reference/configuration-page.ts';
import { metricsPage } from './reference/metrics-page.ts';
import { type SitePage, sections } from './site-map.ts';

/** A page with its name in the menu. */
export interface TitledPage extends SitePage {
  readonly title: string;
}

/** A part of the menu, with the names of its pages. */
export interface TitledSection {
  readonly title: string;
  readonly pages: readonly TitledPage[];
}

/**
 * Writes the sources of all pages, those of the design records too.
 *
 * @param root of the repository
 * @param folder for the pages; what is in it is removed first
 * @returns the menu
 */
export function writePages(root: string, folder: string): readonly TitledSection[] {
  rmSync(folder, { recursive: true, force: true });
  const records = readdirSync(join(root, 'docs/adr'))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name): SitePage => ({ from: `docs/adr/${name}`, to: `why/records/${name.slice(0, -3)}` }));
  const pages = [...sections.flatMap((section) => section.pages), ...records];
  const isFolder = (path: string): boolean =>
    statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;

  function copyImage(image: string): void {
    const copy = join(folder, 'public', image);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(root, image), copy);
  }

  function write({ from, to, title }: SitePage): TitledPage {
    const path = join(root, from);
    const text = textOf(path);
    imagesIn(text, from).forEach(copyImage);
    const file = join(folder, `${to.replace(/\/$/, '/index')}.md`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withSiteLinks(text, from, pages, isFolder));
    return { from, to, title: title ?? /^# (.+)$/m.exec(text)?.[1] ?? to };
  }

  records.forEach(write);
  return sections.map((section) => ({ title: section.title, pages: section.pages.map(write) }));
}

/** The Markdown of a page: a document, or what is made of a source. */
function textOf(path: string): string {
  const text = readFileSync(path, 'utf8');
  switch (/\.(?:schema\.json|openapi\.json|[^.]+)$/.exec(path)?.[0]) {
    case '.md':
      return text;
    case '.schema.json':
      return configurationPage(JSON.parse(text));
    case '.openapi.json':
      return apiPage(JSON.parse(text));
    case '.ts':
      return metricsPage(sampleMetrics('gateway'));
    default:
      return manualPage(path);
  }
}
