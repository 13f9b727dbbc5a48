import { createHash } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { join, relative } from 'node:path';

// Plug-ins of Stryker: a "checker" that refuses all changes but a sample of them, before tests run, and a reporter that prints each
// change that no test notices, as soon as this is known.

const { MUTATION_ROOT = '.', MUTATION_SAMPLE, MUTATION_SEED } = process.env;

/**
 * A change, as Stryker describes it.
 *
 * @typedef {Readonly<{ id: string, fileName: string, mutatorName: string, replacement: string, location: object }>} Mutant
 */

/** @param {Mutant} mutant @returns {string} a number in hexadecimal that depends on the seed, the file and the change */
function lot({ fileName, mutatorName, replacement, location }) {
  const file = fileName.slice(fileName.lastIndexOf('/src/'));
  const text = JSON.stringify([MUTATION_SEED, file, mutatorName, replacement, location]);
  return createHash('sha256').update(text).digest('hex');
}

function sampleChecker() {
  /** @type {Set<string>} */
  let chosen = new Set();
  return {
    async init() {},
    /** Gets all changes at once. @param {readonly Mutant[]} mutants */
    async group(mutants) {
      const lots = mutants.map((mutant) => ({ id: mutant.id, lot: lot(mutant) }));
      lots.sort((a, b) => (a.lot < b.lot ? -1 : 1));
      chosen = new Set(lots.slice(0, Number(MUTATION_SAMPLE)).map(({ id }) => id));
      return [mutants.map(({ id }) => id)];
    },
    /** @param {readonly Mutant[]} mutants */
    async check(mutants) {
      const status = (/** @type {string} */ id) => (chosen.has(id) ? 'passed' : 'compileError');
      return Object.fromEntries(
        mutants.map(({ id }) => [id, { status: status(id), reason: 'not in the sample' }]),
      );
    },
  };
}

/** The descriptor of the output that {@link survivorReporter} prints to. */
const OUTPUT = 3;

/**
 * @typedef {Readonly<{ fileName: string, status: string, replacement?: string, mutatorName: string,
 *   location: { start: { line: number, column: number } } }>} MutantResult
 */

function survivorReporter() {
  return {
    /** @param {MutantResult} mutant */
    onMutantTested({ fileName, status, replacement, mutatorName, location: { start } }) {
      if (status !== 'Survived' && status !== 'NoCoverage') return;
      const file = relative('.', fileName);
      // In the copy Stryker has changed the file.
      const text = readFileSync(join(MUTATION_ROOT, file), 'utf8').split('\n')[start.line - 1]?.trim();
      const change = replacement ?? mutatorName;
      writeSync(OUTPUT, `${file}:${start.line}:${start.column} ${status}: ${text}\n  ${change}\n`);
    },
  };
}

export const strykerPlugins = [
  { kind: 'Checker', name: 'sample', factory: sampleChecker },
  { kind: 'Reporter', name: 'survivors', factory: survivorReporter },
];
