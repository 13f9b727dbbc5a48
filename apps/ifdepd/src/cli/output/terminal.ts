import { stripVTControlCharacters } from 'node:util';
import { type Style, style as styleOf } from '../../log/index.ts';

export type { Style };

/** Colours of standard output: none where it is not a terminal. */
export function style(): Style {
  return styleOf(process.stdout.isTTY === true);
}

/** The columns of the terminal; without one, no limit. */
export function columns(): number {
  return process.stdout.isTTY === true ? Math.max(20, process.stdout.columns) : Number.POSITIVE_INFINITY;
}

/** A last column that would be narrower goes under the others. */
const LEAST_ROOM = 12;

/** A name in the first column is cut where it would leave less room than this for the states beside it. */
const ROOM_FOR_STATES = 24;

/**
 * The lines of a table, whose cells may be coloured. The last column is wrapped at the width of the terminal;
 * columns without room go under the others.
 */
export function table(whole: readonly (readonly string[])[], width: number = columns()): readonly string[] {
  const most = Math.max(LEAST_ROOM, width - ROOM_FOR_STATES);
  const rows = whole.map(([name = '', ...cells]) => [cut(name, most), ...cells]);
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => size(row[column] ?? '')), 0),
  );
  const { beside, used } = arrange(widths, width);
  return rows.flatMap((row) => {
    const first = row
      .slice(0, beside)
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - size(cell) + 2)))
      .join('');
    const rest = row.slice(beside).filter((cell) => cell !== '');
    if (rest.length === 0) {
      return [first.trimEnd()];
    }
    if (beside === count - 1) {
      const [line, ...more] = wrapped(rest.join('  '), width - used);
      return [first + line, ...more.map((one) => ' '.repeat(used) + one)];
    }
    return [first.trimEnd(), `    ${cut(rest.map(stripVTControlCharacters).join('  '), width - 4)}`];
  });
}

/** How many columns are beside each other, and their widths. The last one does not count: it may be wrapped. */
function arrange(
  widths: readonly number[],
  width: number,
): { readonly beside: number; readonly used: number } {
  const needs = (columns: number) => widths.slice(0, columns).reduce((sum, one) => sum + one + 2, 0);
  let beside = widths.length - 1;
  if (needs(beside) + Math.min(LEAST_ROOM, widths[beside] ?? 0) > width) {
    do {
      beside -= 1;
    } while (beside > 1 && needs(beside) > width);
  }
  return { beside: Math.max(beside, 0), used: needs(beside) };
}

/** The width of a text in columns: its code points without colours, because no wider characters occur here. */
function size(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** The lines of a text in a column; each keeps its one colour. */
function wrapped(text: string, room: number): readonly string[] {
  const plain = stripVTControlCharacters(text);
  return wrap(plain, room).map((line) =>
    cut(
      text.replace(plain, () => line),
      room,
    ),
  );
}

/** A text cut to a width in columns. It keeps its one colour. */
export function cut(text: string, room: number): string {
  if (size(text) <= room) {
    return text;
  }
  const plain = stripVTControlCharacters(text);
  return text.replace(plain, () => `${[...plain].slice(0, Math.max(1, room - 1)).join('')}…`);
}

/** Spaces between words; a number and its unit are one word. */
const BREAK = / (?!(?:ms|s|min|h|d|%)(?:\W|$))/;

/** A text broken at spaces into lines of a width in columns. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAK)) {
    if (line !== '' && size(line) + 1 + size(word) > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
