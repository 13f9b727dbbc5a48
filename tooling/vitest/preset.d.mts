import type { ViteUserConfig } from 'vitest/config';

/**
 * The test set-up of every package here.
 *
 * @param test what this package does differently
 * @param properties the tests of the project `properties`, which take too long for `unit`
 * @param large the network tests of the project `netns-large`, which runs one file at a time after all others
 */
export function preset(
  test?: ViteUserConfig['test'],
  properties?: readonly string[],
  large?: readonly string[],
): ViteUserConfig;
