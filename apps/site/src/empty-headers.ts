import type { MarkdownRenderer } from 'vitepress';

/** Makes cells of table heads that are empty ordinary cells: a reader of screens announces a header by its text. */
export function withoutEmptyHeaders({ core }: MarkdownRenderer): void {
  core.ruler.push('empty-headers', ({ tokens }) => {
    tokens.forEach((token, index) => {
      const end = tokens[index + 2];
      if (token.type === 'th_open' && tokens[index + 1]?.content === '' && end !== undefined) {
        token.tag = 'td';
        end.tag = 'td';
      }
    });
  });
}
