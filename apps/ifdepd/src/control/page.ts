import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A page with the headers that it must be sent with. */
export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the build puts the parts of the page, beside the program. */
const BUILT = resolve(import.meta.dirname, 'page');

/**
 * The status page, in one text: nothing is loaded from elsewhere, and the browser runs no script but this one (Content Security
 * Policy, by hash).
 *
 * @param folder with page.html, page.css and page.js
 */
export function readPage(folder: string = BUILT): Page {
  const [html = '', css = '', js = ''] = ['page.html', 'page.css', 'page.js'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  const policy = [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    `script-src '${hashOf(js)}'`,
    `style-src '${hashOf(css)}'`,
  ];
  return {
    html: html
      .replace(/<style>[\s\S]*?<\/style>/, () => `<style>${css}</style>`)
      .replace(/<script>[\s\S]*?<\/script>/, () => `<script>${js}</script>`),
    headers: {
      'content-security-policy': policy.join('; '),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
