/** A longer line serves nobody. */
const LONGEST_LINE = 1000;

/**
 * What a terminal obeys instead of showing it, what looks like something else (formats: an order to write from right to
 * left, characters of no width), and what is no text: bytes of a name that is not UTF-8 (U+DC80 and so on).
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** What follows the escape character in an order to paint, as ours are. */
const PAINT = /^\[\d{1,2}m/;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const byte = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
  return byte < 0x100 ? `\\x${byte.toString(16).padStart(2, '0')}` : `\\u{${byte.toString(16)}}`;
}

/**
 * A line that a terminal shows as it is: control characters (an interface alias may hold them) are written as \xNN,
 * and a line ends at 1,000 characters.
 */
export function printable(message: string): string {
  const shown = message.replace(UNSAFE, escaped);
  return shown.length > LONGEST_LINE ? `${shown.slice(0, LONGEST_LINE - 1)}…` : shown;
}

/**
 * Lines as they may be written to a stream: nothing in them is obeyed but the ends of lines.
 *
 * @param painted whether they may hold colours: only on a terminal. Default: false
 */
export function printableLines(text: string, painted = false): string {
  return text.replace(UNSAFE, (character, at: number) =>
    character === '\n' || (painted && character === '\u001b' && PAINT.test(text.slice(at + 1, at + 5)))
      ? character
      : escaped(character),
  );
}

/** JSON that says the same without a character that a terminal obeys: JSON itself leaves those above U+007E as they are. */
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
