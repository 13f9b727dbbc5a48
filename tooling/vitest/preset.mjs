import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { longestFirst } from './longest-first.mjs';

/** Tests that need a network namespace of their own carry this in their names. */
const NETNS = 'test/**/*.netns.test.ts';

/** Network tests come after the others. */
const AFTER_OTHERS = { groupOrder: 1 };

/** One file at a time, when the network tests of all packages that run beside them have ended. */
const ALONE = { maxWorkers: 1, sequence: { groupOrder: 2 } };

/** One file at a time, after all others: when such a test has ended, the kernel removes its interfaces, and daemons wait. */
const LARGE = { maxWorkers: 1, sequence: { groupOrder: 3 } };

/** Tests of the built files need a build, and carry this in their names. */
const PACKED = ['test/package.test.ts', 'test/installed.test.ts', 'test/**/*.packed.test.ts'];

/**
 * The test set-up of every package, as projects: `unit` runs anywhere and needs no build, `packed` tests the published
 * files, `netns` runs against the real kernel in network namespaces, `netns-root` repeats those of its files that depend
 * on being root, and `properties` holds what takes too long for `unit`: most property tests. Tests read the sources of sibling
 * packages, not their builds. Each file runs in a process of its own, because a test moves its main thread into another
 * namespace; those of `unit` share one, which halves their processor time, except those of `unit-isolated`, which replace modules.
 * Nothing is retried.
 *
 * @param {import('vitest/config').ViteUserConfig['test']} [test] what this package does differently
 * @param {import('./preset.d.mts').TestLists} [lists]
 */
export function preset(test = {}, lists = {}) {
  const { properties = [], isolated = [], alone = [], large = [], root = [], longest = [] } = lists;
  const { netnsWorkers = availableParallelism() } = lists;
  const afterOthers = { maxWorkers: netnsWorkers, sequence: AFTER_OTHERS };
  const conditions = ['@ifdepd/source', 'module', 'node', 'development|production'];
  const resolve = { conditions };
  const ssr = { resolve: { conditions, externalConditions: conditions } };
  // Nothing in a tsconfig matters to the erasure of types, and the one of a sibling package extends a path that only
  // resolves behind the symbolic link in node_modules, which is not followed here.
  const oxc = { tsconfig: false };
  const runner = fileURLToPath(new URL('./runner.mjs', import.meta.url));
  // 0: the runner and the watchdog say when a test hangs.
  const common = { pool: 'forks', retry: 0, runner, testTimeout: 0, hookTimeout: 300_000, ...test };
  return defineConfig({
    resolve,
    ssr,
    test: {
      globalSetup: ['./slowness.mjs', './watchdog.mjs', './temporary-files.mjs'].map((file) =>
        fileURLToPath(new URL(file, import.meta.url)),
      ),
      sequence: { sequencer: longestFirst(longest) },
      reporters: ['default', fileURLToPath(new URL('./count-reporter.mjs', import.meta.url))],
      projects: [
        {
          resolve,
          ssr,
          oxc,
          test: {
            isolate: false,
            ...common,
            name: 'unit',
            include: ['test/**/*.test.ts'],
            exclude: [NETNS, ...PACKED, ...properties, ...isolated],
          },
        },
        { resolve, ssr, oxc, test: { ...common, name: 'unit-isolated', include: [...isolated] } },
        { resolve, ssr, oxc, test: { ...common, name: 'properties', include: [...properties] } },
        { resolve, ssr, oxc, test: { ...common, name: 'packed', include: PACKED } },
        {
          resolve,
          ssr,
          oxc,
          test: { ...common, ...afterOthers, name: 'netns', include: [NETNS], exclude: [...alone, ...large] },
        },
        {
          resolve,
          ssr,
          oxc,
          test: { ...common, ...ALONE, name: 'netns-alone', include: [...alone] },
        },
        {
          resolve,
          ssr,
          oxc,
          test: { ...common, ...LARGE, name: 'netns-large', include: [...large] },
        },
        {
          resolve,
          ssr,
          oxc,
          test: { ...common, ...afterOthers, name: 'netns-root', include: [...root] },
        },
      ],
    },
  });
}
