import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LinkOperation, scriptedLinux } from '../../src/index.ts';
import { type LinkWatchBarrier, linkWatchBarrier } from './support/link-watch-barrier.ts';
import { hostFacts, realRun } from './support/namespaces.ts';
import { type LinkProgram, linkPrograms, TAP } from './support/program.ts';
import { openRun, type Run } from './support/run-program.ts';

/** Programs that run side by side: link_watch reports 100 carriers in a second. */
const BATCH = 100;
const { FC_NUM_RUNS = `${BATCH}`, FC_SEED = '1' } = process.env;

interface Step {
  readonly operation: LinkOperation;
  /** The refusal, and the messages. */
  readonly lines: readonly string[];
  /** Whether some of it happens later: link_watch waits for the end of its window. */
  readonly waits: boolean;
}

interface Prediction {
  readonly steps: readonly Step[];
  readonly list: readonly string[];
}

/** What the scripted kernel does. */
function scripted({ tap, build, steps }: LinkProgram): Prediction {
  const kernel = scriptedLinux();
  using run = openRun(kernel.libc);
  if (tap) {
    kernel.attachTap(TAP);
  }
  const done = [...build, ...steps].map((operation, at): Step => {
    // Events of other namespaces keep it closed in the real kernel.
    kernel.closeWindow();
    const refusal = run.apply(operation);
    const waits = kernel.waiting && at >= build.length - 1;
    if (waits) {
      kernel.pass(2000);
    }
    return { operation, lines: [`${refusal}`, ...run.messages()], waits };
  });
  return { steps: done, list: run.list() };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Follows the scripted kernel with the real one. @returns the story of the first difference; null where there is none */
async function difference(
  run: Run,
  { steps, list }: Prediction,
  barrier: LinkWatchBarrier,
): Promise<string | null> {
  const story: string[] = [];
  for (const { operation, lines, waits } of steps) {
    const found = [`${run.apply(operation)}`, ...run.messages()];
    if (waits) {
      await barrier.passed();
      found.push(...run.messages());
    }
    for (let patience = 4000; found.length < lines.length && patience > 0; patience -= 1) {
      await pause();
      found.push(...run.messages());
    }
    story.push(JSON.stringify(operation), ...found.map((line) => `    ${line}`));
    if (found.join('\n') !== lines.join('\n')) {
      return [...story, '  but scripted:', ...lines.map((line) => `    ${line}`)].join('\n');
    }
  }
  const found = run.list();
  return found.join('\n') === list.join('\n')
    ? null
    : [...story, '  real list:', ...found, '  scripted list:', ...list].join('\n');
}

test('random programs of link operations: the scripted kernel has the messages and links of the real one', async () => {
  const arbitrary = linkPrograms(hostFacts(), 3);
  const programs = fc.sample(arbitrary, { seed: Number(FC_SEED), numRuns: Number(FC_NUM_RUNS) });
  using barrier = linkWatchBarrier();
  const differences: string[] = [];
  while (programs.length > 0) {
    const batch: { readonly prediction: Prediction; readonly run: Run }[] = [];
    for (const program of programs.splice(0, BATCH)) {
      batch.push({ prediction: scripted(program), run: realRun(program.tap ? TAP : null) });
      // A namespace takes long on a processor that is emulated.
      await pause();
    }
    const found = await Promise.all(batch.map(({ run, prediction }) => difference(run, prediction, barrier)));
    differences.push(...found.filter((one) => one !== null));
    for (const { run } of batch) {
      run[Symbol.dispose]();
    }
  }
  differences.sort((one, other) => one.length - other.length);
  expect(`${differences.length} differ\n${differences.slice(0, 5).join('\n\n')}`).toBe('0 differ\n');
});
