import { defineConfig } from 'vitest/config';

/**
 * The test set-up of every package: sources of siblings instead of builds, real processes (a test may change the
 * network namespace of its main thread), no retry.
 *
 * @param {import('vitest/config').ViteUserConfig['test']} [test] what this package does differently
 */
export function preset(test = {}) {
  const conditions = ['@ifdepd/source', 'module', 'node', 'development|production'];
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      pool: 'forks',
      retry: 0,
      testTimeout: 30_000,
      hookTimeout: 30_000,
      include: ['test/**/*.test.ts'],
      ...test,
    },
  });
}
