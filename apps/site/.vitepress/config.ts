import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { withContentSecurityPolicy } from '../src/content-security-policy.ts';
import { REPOSITORY } from '../src/site-map.ts';
import { slug } from '../src/slug.ts';
import { writePages } from '../src/write-pages.ts';

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const written = writePages(path('../../..'), path('../.pages'));
const menu = (pages: (typeof written)['records']) =>
  pages.map(({ title, to }) => ({ text: title, link: `/${to.replace(/^index$/, '')}` }));

export default defineConfig({
  lang: 'en',
  title: 'ifdepd',
  description:
    'The Interface Dependency daemon: when a source interface fails, destination interfaces go down',
  srcDir: '.pages',
  outDir: 'dist',
  cacheDir: path('../node_modules/.cache/vitepress'),
  lastUpdated: false,
  markdown: { anchor: { slugify: slug } },
  transformHtml: withContentSecurityPolicy,
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [],
    nav: [
      { text: 'Overview', link: '/overview' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Manual', link: '/reference/ifdepd.8' },
      { text: 'Source', link: REPOSITORY },
    ],
    sidebar: [
      ...written.sections.map(({ title, pages }) => ({ text: title, items: menu(pages) })),
      { text: 'Records', collapsed: true, items: menu(written.records) },
    ],
    footer: { message: 'ISC License' },
  },
  vite: {
    resolve: { conditions: ['@ifdepd/source'] },
    // Nothing here reads the environment of the one who builds.
    envDir: path('../src'),
  },
});
