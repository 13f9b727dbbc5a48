import { readFileSync } from 'node:fs';

const { answers, sequence } = JSON.parse(
  readFileSync(new URL('../fixtures/rtnetlink.json', import.meta.url), 'utf8'),
) as { readonly sequence: number; readonly answers: Readonly<Record<string, readonly string[]>> };

/** The sequence number of the captured answers. */
export const CAPTURED_SEQUENCE: number = sequence;

/** What was asked for: `links`, `addresses` and so on. */
export const capturedNames: readonly string[] = Object.keys(answers);

/** The datagrams that a real kernel answered with: test/fixtures/capture.mjs. */
export function captured(name: string): readonly Uint8Array[] {
  const found = answers[name];
  if (found === undefined) {
    throw new Error(`nothing of the name '${name}' was captured`);
  }
  return found.map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
}
