import { createHash } from 'node:crypto';

// A plug-in of Stryker: a "checker" that refuses all changes but a sample of them, before tests run.

const { MUTATION_SAMPLE, MUTATION_SEED } = process.env;

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

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', factory: sampleChecker }];
