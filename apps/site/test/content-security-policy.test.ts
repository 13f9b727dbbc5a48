import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { withContentSecurityPolicy } from '../src/content-security-policy.ts';

const page = (script: string) =>
  `<head>\n<meta charset="utf-8">\n<script src="/a.js"></script><script id="x">${script}</script></head>`;

test('the policy of a page allows its inline scripts by their hashes, and no other script', () => {
  const hash = createHash('sha256').update('run()').digest('base64');
  expect(withContentSecurityPolicy(page('run()'))).toContain(`script-src 'self' 'sha256-${hash}';`);
});

test('the policy of a page stands before the first script', () => {
  const html = withContentSecurityPolicy(page('run()'));
  expect(html.indexOf("default-src 'none'")).toBeLessThan(html.indexOf('<script'));
});

test('a page of TypeDoc, whose meta element ends with a slash, gets the policy before its first script', () => {
  const html = withContentSecurityPolicy('<head><meta charset="utf-8"/><script>run()</script></head>');
  expect(html).toMatch(/^<head><meta charset="utf-8"\/>\s*<meta http-equiv="Content-Security-Policy"/);
});
