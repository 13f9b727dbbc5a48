import { createHash } from 'node:crypto';

/** The page with a policy that lets a browser load nothing from elsewhere, and run no script but the site's own. */
export function withContentSecurityPolicy(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${[...new Set(inline)].join(' ')}`,
    // Colours of code are attributes of its words, and VitePress adds a style while it changes the colours of the page.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:; font-src 'self'; connect-src 'self'",
    "base-uri 'none'; form-action 'none'",
  ].join('; ');
  return html.replace(
    /<meta charset="[^"]*"\s*\/?>/i,
    (charset) => `${charset}\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`,
  );
}
