/** Longer lines are cut. */
const LONGEST_LINE = 1000;

/**
 * Control characters, formats that make text look different (right to left, zero width), and bytes of a name that is not
 * UTF-8 (U+DC80 and so on).
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A colour sequence of ours, after the escape character. */
const PAINT = /^\[\d{1,2}m/;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const byte = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
  return byte < 0x100 ? `\\x${byte.toString(16).padStart(2, '0')}` : `\\u{${byte.toString(16)}}`;
}

/**
 * A line that is safe on a terminal: control characters (an interface alias may have them) become \xNN, and the line is cut
 * at 1,000 characters.
 */
export function printable(message: string): string {
  const shown = message.replace(UNSAFE, escaped);
  return shown.length > LONGEST_LINE ? `${shown.slice(0, LONGEST_LINE - 1)}…` : shown;
}

/**
 * Lines that are safe on a terminal: only their ends remain as control characters.
 *
 * @param painted whether colours remain as well: only on a terminal. Default: false
 */
export function printableLines(text: string, painted = false): string {
  return text.replace(UNSAFE, (character, at: number) =>
    character === '\n' || (painted && character === '\u001b' && PAINT.test(text.slice(at + 1, at + 5)))
      ? character
      : escaped(character),
  );
}

/** JSON without control characters: JSON.stringify does not escape those above U+007E. */
export function plainJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** `a`, `a and b`, `a, b and c` */
export function listed(names: readonly string[]): string {
  const [last, ...before] = [...names].reverse();
  return before.length === 0 ? (last ?? '') : `${before.reverse().join(', ')} and ${last}`;
}
