import type { ViteUserConfig } from 'vitest/config';

/** Test files of a package that form a project of their own. */
export interface TestLists {
  /** `properties`: property tests that take too long for `unit`. */
  readonly properties?: readonly string[];
  /**
   * `netns-large`: network tests with so many interfaces that the kernel does nothing else for seconds when it removes them.
   * The project runs one file at a time, after all others.
   */
  readonly large?: readonly string[];
  /**
   * `netns-root`: network tests that need root, or in which something may differ for root. `npm test` runs all network tests as
   * an ordinary user, and these as root too.
   */
  readonly root?: readonly string[];
}

/**
 * The test set-up of every package here.
 *
 * @param test what this package does differently
 */
export function preset(test?: ViteUserConfig['test'], lists?: TestLists): ViteUserConfig;
