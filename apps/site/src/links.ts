import { posix } from 'node:path';
import { REPOSITORY, type SitePage } from './site-map.ts';

/** A file of the repository by its address there. */
const AT_REPOSITORY = new RegExp(`^${REPOSITORY}/(?:blob|tree)/main/(.+)$`);

/**
 * The text of a page with its relative links as the site has them: pages by their path there, all other files at the
 * repository.
 *
 * @param isFolder whether a path from the root of the repository is a folder
 */
export function withSiteLinks(
  text: string,
  from: string,
  pages: readonly SitePage[],
  isFolder: (path: string) => boolean,
): string {
  const known = new Map(pages.map((page) => [page.from, `/${page.to}`]));

  function siteLink(target: string): string {
    const [path = '', fragment] = target.split('#');
    const hash = fragment === undefined ? '' : `#${fragment}`;
    // READMEs that npm shows name the repository in their links.
    const inRepository = AT_REPOSITORY.exec(path)?.[1];
    if (inRepository === undefined && (/^[a-z]+:/.test(target) || path === '' || path.startsWith('/'))) {
      return target;
    }
    const file = (inRepository ?? posix.join(posix.dirname(from), path)).replace(/\/$/, '');
    const page = known.get(file) ?? known.get(`${file}/README.md`);
    if (page !== undefined) {
      return `${page}${hash}`;
    }
    return isImage(file)
      ? `/${file}`
      : `${REPOSITORY}/${isFolder(file) ? 'tree' : 'blob'}/main/${file}${hash}`;
  }
  return text.replace(/\]\(([^()\s]+)\)/g, (_, target: string) => `](${siteLink(target)})`);
}

/** Images that a page shows, by their paths from the root of the repository. */
export function imagesIn(text: string, from: string): readonly string[] {
  return [...text.matchAll(/!\[[^\]]*\]\(([^()\s:]+)\)/g)].map(([, target = '']) =>
    posix.join(posix.dirname(from), target),
  );
}

function isImage(file: string): boolean {
  return /\.(?:png|svg)$/.test(file);
}
