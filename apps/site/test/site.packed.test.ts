import { expect, test } from 'vitest';
import { sections } from '../src/site-map.ts';
import { siteFiles, siteText } from './support/built-site.ts';

const all = siteFiles();
const pages = all.filter((path) => path.endsWith('.html') && path !== '404.html');
const html = new Map(pages.map((path) => [path, siteText(path)]));

/** The values of an attribute in a page. */
const valuesOf = (page: string, attribute: string): readonly string[] =>
  [...page.matchAll(new RegExp(`<[a-z][^>]*\\s${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) =>
    value.replaceAll('&amp;', '&'),
  );

const isOutside = (target: string): boolean => /^(?:[a-z]+:|\/\/)/.test(target);

/** The file of the site that a link of a page means. */
function fileOf(page: string, target: string): string {
  const { pathname } = new URL(target, `http://site/${page}`);
  return `${pathname.slice(1)}${pathname.endsWith('/') ? 'index.html' : ''}`;
}

test('the site has each page of its map, and each design record', () => {
  const wanted = sections.flatMap((section) =>
    section.pages.map(({ to }) => `${to.replace(/\/$/, '/index')}.html`),
  );
  expect(wanted.filter((path) => !pages.includes(path))).toEqual([]);
  expect(pages.filter((path) => path.startsWith('why/records/')).length).toBeGreaterThan(30);
});

test('the home page has the recorded demo and the table of installation, and nothing else of that page', () => {
  const home = html.get('index.html') ?? '';
  expect(home).toContain('Cutting the cable of em0');
  expect(home).toContain('pkg_add node');
  expect(home).not.toContain('First configuration');
});

test('each link inside the site leads to a file that exists, and each fragment to a place in it', () => {
  const broken = [...html].flatMap(([page, text]) =>
    [...valuesOf(text, 'href'), ...valuesOf(text, 'src')]
      .filter((target) => !isOutside(target))
      .filter((target) => {
        const file = fileOf(page, target);
        const fragment = decodeURIComponent(target.split('#')[1] ?? '');
        const ids = html.get(file) ?? '';
        return !all.includes(file) || (fragment !== '' && !ids.includes(`id="${fragment}"`));
      })
      .map((target) => `${page}: ${target}`),
  );
  expect(html.size).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});

test('a page loads no script, style, image or font from elsewhere', () => {
  const foreign = [...html].flatMap(([page, text]) =>
    [...valuesOf(text, 'src'), ...[...text.matchAll(/<link [^>]*href="([^"]*)"/g)].map(([, to = '']) => to)]
      .filter((target) => isOutside(target) && !target.startsWith('data:'))
      .map((target) => `${page}: ${target}`),
  );
  expect(foreign).toEqual([]);
  const styles = all.filter((path) => path.endsWith('.css')).map(siteText);
  expect(styles.join('').match(/url\(["']?(?:https?:)?\/\//g)).toBeNull();
});

test('each page has a Content Security Policy, before anything that it loads', () => {
  const without = [...html].filter(([, text]) => {
    const policy = text.indexOf('http-equiv="Content-Security-Policy" content="default-src \'none\'');
    const first = text.search(/<(?:script|link|style)\b/);
    return policy < 0 || policy > first;
  });
  expect(without.map(([page]) => page)).toEqual([]);
});
