import type { ViteUserConfig } from 'vitest/config';

/** Test files of a package that form a project of their own, and how many run at a time. */
export interface TestLists {
  /** `properties`: tests that take too long for `unit`, most of them property tests. */
  readonly properties?: readonly string[];
  /** `unit-isolated`: unit tests that replace modules. Each file has a process of its own. */
  readonly isolated?: readonly string[];
  /** `netns-alone`: network tests that compare two times. One file at a time, after the other network tests. */
  readonly alone?: readonly string[];
  /**
   * `netns-large`: network tests with so many interfaces that the kernel does nothing else for seconds when it removes them
   * (it has one lock for the interfaces of all network namespaces, RTNL). One file at a time, after all others, `alone` too.
   */
  readonly large?: readonly string[];
  /**
   * `netns-root`: network tests that need root, or in which something may differ for root. `npm test` runs all network tests as
   * an ordinary user, and these as root too.
   */
  readonly root?: readonly string[];
  /** Files that begin before the others of their project. */
  readonly longest?: readonly string[];
  /** Files of network tests that run at a time; default: one for each processor, where vitest leaves one idle. */
  readonly netnsWorkers?: number;
}

/**
 * The test set-up of every package here.
 *
 * @param test what this package does differently
 */
export function preset(test?: ViteUserConfig['test'], lists?: TestLists): ViteUserConfig;
