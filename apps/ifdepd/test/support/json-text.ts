/** Columns of a line, as in biome.jsonc. */
const WIDEST = 110;

/** JSON as the formatter of this repository writes it: a list of plain values stands on one line if it fits. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replaceAll(
    /^(.*)\[\s+([^[\]{}]+?)\s+\](,?)$/gm,
    (whole: string, before: string, list: string, after: string) => {
      const line = `${before}[${list.replaceAll(/,\s+/g, ', ')}]${after}`;
      return line.length <= WIDEST ? line : whole;
    },
  );
  return `${text}\n`;
}
