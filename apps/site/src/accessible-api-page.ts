/**
 * A page of TypeDoc without what readers of screens stumble over: it has no main part, links within what opens a section, and links
 * among text that only their colour shows.
 */
export function accessibleApiPage(html: string): string {
  return html
    .replace('<div class="col-content">', '<div class="col-content" role="main">')
    .replace(/<summary\b.*?<\/summary>/gs, (summary) =>
      summary.replace(/<a\b[^>]*class="tsd-anchor-icon"[^>]*>.*?<\/a>/gs, ''),
    )
    .replace(
      '</head>',
      '<link rel="icon" href="data:,"><style>.tsd-signature a { text-decoration: underline; }</style></head>',
    );
}
