import { stripVTControlCharacters } from 'node:util';

/** Bytes of a line that are shown. */
const LONGEST = 200;

/** Bytes that are not text for a person to read. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffd]/gu;

/** The last line of an output with something to read in it, at most 200 bytes of UTF-8; '' where there is none. */
export function lastLineOf(output: Uint8Array): string {
  const lines = stripVTControlCharacters(new TextDecoder().decode(output)).split(/[\n\r]+/);
  const printable = lines.map((line) => line.replace(/\t/g, ' ').replace(UNPRINTABLE, '').trim());
  return shortened(printable.findLast((line) => line !== '') ?? '');
}

function shortened(line: string): string {
  const bytes = new TextEncoder().encode(line);
  if (bytes.length <= LONGEST) {
    return line;
  }
  // Three bytes are left for the ellipsis; a character that is cut in two is dropped.
  const cut = new TextDecoder().decode(bytes.subarray(0, LONGEST - 3));
  return `${cut.replace(/\ufffd$/, '')}…`;
}
