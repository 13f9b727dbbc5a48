import type { ViteUserConfig } from 'vitest/config';

/**
 * The test set-up of every package here.
 *
 * @param test what this package does differently
 * @param alsoPacked more tests of this package that need its build
 * @param properties the tests of the project `properties`, which take too long for `unit`
 */
export function preset(
  test?: ViteUserConfig['test'],
  alsoPacked?: readonly string[],
  properties?: readonly string[],
): ViteUserConfig;
