import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';

/**
 * A manual page as a page of the site, by mandoc(1). Its sections become headings, so that the menu and the search have them.
 *
 * @param file its path
 * @throws {Error} without mandoc
 */
export function manualPage(file: string): string {
  const { error, stdout, status, stderr } = spawnSync('mandoc', ['-T', 'html', '-O', 'fragment', file], {
    encoding: 'utf8',
  });
  if (error !== undefined) {
    throw new Error(`mandoc cannot be run, which makes HTML of ${file}: apt-get install mandoc`, {
      cause: error,
    });
  }
  if (status !== 0) {
    throw new Error(`mandoc refuses ${file}: ${stderr}`);
  }
  const [, name = '', section = ''] = /^(.+)\.(\d)$/.exec(basename(file)) ?? [];
  const parts = stdout.split(/<section class="Sh">\s*<h1 class="Sh" id="([^"]+)">.*?<\/h1>/s).slice(1);
  const lines = [`# ${name}(${section})`];
  for (let at = 0; at < parts.length; at += 2) {
    const [id = '', html = ''] = parts.slice(at, at + 2);
    lines.push(`## ${id.replaceAll('_', ' ')} {#${id}}`, block(html));
  }
  return `${lines.join('\n\n')}\n`;
}

/** The HTML of a section as one block of Markdown: an empty line would end it. */
function block(html: string): string {
  const body = html
    .replace(/<\/section>\s*(?:<\/div>\s*<table class="foot">.*)?$/s, '')
    .replaceAll('<h2 class="Ss"', '<h3 class="Ss"')
    .replaceAll('</h2>', '</h3>')
    .replace(/<a class="Xr">(ifdepd(?:\.conf)?)\((\d)\)<\/a>/g, '<a href="./$1.$2.html">$1($2)</a>')
    .replace(/<a class="Xr">([^<]*)<\/a>/g, '<span class="Xr">$1</span>')
    // It may scroll, which needs the focus without a mouse.
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replace(/\n\s*\n/g, '\n&#8203;\n')
    .trim();
  return `<div class="manual" v-pre>\n${body}\n</div>`;
}
