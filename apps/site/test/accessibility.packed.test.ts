import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

test('the site has more than 50 pages', () => {
  expect(pages.length).toBeGreaterThan(50);
});

describe.each([
  ['in light colours on a wide screen', { width: 1400, height: 1000 }],
  ['in dark colours at phone width', { width: 390, height: 844, dark: true }, OF_THE_SCREEN],
] as const)('%s', (...each) => {
  const [, screen, rules] = each;
  let site: Awaited<ReturnType<typeof serveSite>>;
  let browsed: Awaited<ReturnType<typeof browse>>;

  beforeAll(async () => {
    site = await serveSite();
    browsed = await browse(site.address, screen);
  });
  afterAll(async () => {
    await browsed[Symbol.asyncDispose]();
    site[Symbol.dispose]();
  });

  test.each(pages)('%s has no fault of accessibility and fits the window', async (path) => {
    const { page } = browsed;
    await page.goto(`${site.address}${path}`, { waitUntil: 'domcontentloaded' });
    expect(await accessibilityFaults(page, rules)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });
});
