import { expect, test } from 'vitest';
import { browse } from '../../ifdepd/test/support/browser.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { siteFiles } from './support/built-site.ts';
import { serveSite } from './support/serve-site.ts';

// The playground has a test of its own, once it has drawn. 404.html is VitePress's own.
const pages = siteFiles().filter(
  (path) => path.endsWith('.html') && path !== 'playground.html' && path !== '404.html',
);

/** Rules that colours and width decide: the others find the same on every screen. */
const OF_THE_SCREEN = ['color-contrast', 'scrollable-region-focusable', 'target-size', 'link-in-text-block'];

test.each([
  ['in light colours on a wide screen', { width: 1400, height: 1000 }],
  ['in dark colours at phone width', { width: 390, height: 844, dark: true }, OF_THE_SCREEN],
] as const)('each page of the site %s has no fault of accessibility and fits the window', async (...each) => {
  const [, screen, rules] = each;
  using site = await serveSite();
  await using browsed = await browse(site.address, screen);
  const { page } = browsed;
  const faults: unknown[] = [];
  for (const path of pages) {
    await page.goto(`${site.address}${path}`, { waitUntil: 'domcontentloaded' });
    const found = await accessibilityFaults(page, rules);
    faults.push(...found.map((fault) => [path, ...fault]));
    if ((await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')) !== true) {
      faults.push([path, 'is wider than the window']);
    }
  }
  expect(pages.length).toBeGreaterThan(50);
  expect(faults).toEqual([]);
});
