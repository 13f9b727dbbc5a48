import { BaseSequencer } from 'vitest/node';

/**
 * An order of test files: these begin before all others, so that none of them runs alone at the end. vitest goes by the size
 * of a file, which says little of its time, until it has run the file once on the same machine.
 *
 * @param {readonly string[]} paths of test files, from the folder of the package
 */
export function longestFirst(paths) {
  /** @param {import('vitest/node').TestSpecification} file */
  const isLong = ({ moduleId }) => paths.some((path) => moduleId.endsWith(`/${path}`));
  return class extends BaseSequencer {
    /** @override @type {BaseSequencer['sort']} */
    async sort(files) {
      const sorted = await super.sort(files);
      return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
    }
  };
}
