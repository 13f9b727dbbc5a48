/** Colours, on a terminal that wants them. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  head(text: string): string;
  faint(text: string): string;
}

/** Colours where `stream` is a terminal; none with NO_COLOR or a dumb one. */
export function style(stream: { readonly isTTY?: boolean } = process.stdout): Style {
  const { NO_COLOR: no = '', TERM: terminal = '' } = process.env;
  const wanted = stream.isTTY === true && no === '' && terminal !== 'dumb';
  const paint = (code: number) => (text: string) => (wanted ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { good: paint(32), bad: paint(31), warn: paint(33), head: paint(1), faint: paint(2) };
}

/** The columns of the terminal; without one, no limit. */
export function columns(): number {
  return process.stdout.isTTY === true ? Math.max(20, process.stdout.columns) : Number.POSITIVE_INFINITY;
}

/** A cell: what it says, and how that is painted. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/**
 * Rows under each other. The last column is cut to the width of the terminal; where even the others do not fit, it
 * goes under them.
 */
export function table(rows: readonly (readonly Cell[])[], width: number = columns()): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count - 1 }, (_, column) =>
    Math.max(...rows.map((row) => size(row[column]?.text ?? ''))),
  );
  const fixed = widths.reduce((sum, one) => sum + one + 2, 0);
  const below = fixed + 12 > width;
  return rows.flatMap((row) => {
    const cells = row.slice(0, count - 1).map((cell, column) => {
      const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - size(cell.text) + 2));
      return painted(cell) + padding;
    });
    const last = row[count - 1];
    if (last === undefined || last.text === '') {
      return [cells.join('').trimEnd()];
    }
    const room = below ? width - 4 : width - fixed;
    const fitted = painted({ ...last, text: cut(last.text, room) });
    return below ? [cells.join('').trimEnd(), `    ${fitted}`] : [cells.join('') + fitted];
  });
}

function painted({ text, paint }: Cell): string {
  return paint === undefined ? text : paint(text);
}

/** Columns that a text takes: code points, as none of what is shown here is wider. */
function size(text: string): number {
  return [...text].length;
}

/** A text in at most so many columns. */
export function cut(text: string, room: number): string {
  return size(text) <= room ? text : `${[...text].slice(0, Math.max(1, room - 1)).join('')}…`;
}

/** A text broken at spaces into lines of at most so many columns. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && size(line) + 1 + size(word) > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
