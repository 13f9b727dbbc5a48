import { readFileSync } from 'node:fs';

interface Step {
  readonly name: string;
  readonly commands: readonly string[];
  readonly datagrams: readonly string[];
}

const { steps } = JSON.parse(readFileSync(new URL('../fixtures/linux.json', import.meta.url), 'utf8')) as {
  readonly steps: readonly Step[];
};

/** The datagrams that a real kernel sent in a step of test/fixtures/capture.mjs. */
export function captured(step: string): readonly Uint8Array[] {
  const found = steps.find(({ name }) => name === step);
  if (found === undefined) {
    throw new Error(`no step '${step}' was captured`);
  }
  return found.datagrams.map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
}

/** All of them, in the order they were sent. */
export const allCaptured: readonly Uint8Array[] = steps.flatMap(({ name }) => captured(name));
