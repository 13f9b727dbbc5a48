import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { withContentSecurityPolicy } from '../src/content-security-policy.ts';
import { withoutEmptyHeaders } from '../src/empty-headers.ts';
import { REPOSITORY } from '../src/site-map.ts';
import { slug } from '../src/slug.ts';
import { withoutNode } from '../src/without-node.ts';
import { writeApiPages } from '../src/write-api-pages.ts';
import { writePages } from '../src/write-pages.ts';

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const sections = writePages(path('../../..'), path('../.pages'));
/** `npm run site` sets it: the tests of the other pages do without these, which take TypeDoc longer than all others. */
const hasApi = process.env['IFDEPD_SITE_API'] === '1';

export default defineConfig({
  lang: 'en',
  title: 'ifdepd',
  description:
    'The Interface Dependency daemon: when a source interface fails, destination interfaces go down',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '.pages',
  outDir: 'dist',
  cacheDir: path('../node_modules/.cache/vitepress'),
  lastUpdated: false,
  // A page asks for nothing that its reader has not asked for.
  router: { prefetchLinks: false },
  markdown: {
    anchor: { slugify: slug },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: withoutEmptyHeaders,
  },
  transformHtml: withContentSecurityPolicy,
  buildEnd: ({ outDir }) => {
    if (hasApi) {
      writeApiPages(path('../../..'), `${outDir}/api`);
    }
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [],
    nav: [
      { text: 'Overview', link: '/overview' },
      { text: 'Playground', link: '/playground' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Manual', link: '/reference/ifdepd.8' },
      { text: 'Source', link: REPOSITORY },
    ],
    sidebar: sections.map(({ title, pages }) => ({
      text: title,
      items: [
        ...pages.map((page) => ({ text: page.title, link: `/${page.to.replace(/^index$/, '')}` })),
        // Not a page of VitePress: the browser must ask for it.
        ...(hasApi && title === 'Packages'
          ? [{ text: 'API of all packages', link: '/api/index.html', target: '_self' }]
          : []),
      ],
    })),
    footer: { message: 'ISC License' },
  },
  vite: {
    plugins: [withoutNode],
    resolve: { conditions: ['@ifdepd/source'] },
    // The interfaces of Linux: the system whose rules the playground checks.
    define: { 'process.platform': '"linux"' },
    build: {
      rollupOptions: {
        onwarn: (warning, warn) => {
          // zod has comments for another bundler.
          if (warning.code !== 'INVALID_ANNOTATION') {
            warn(warning);
          }
        },
      },
    },
    // Nothing here reads the environment of the one who builds.
    envDir: path('../src'),
  },
});
