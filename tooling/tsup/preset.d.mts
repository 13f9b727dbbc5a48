import type { defineConfig, Options } from 'tsup';

/**
 * The build of every package here; `entry` names its public files.
 *
 * @param declarations a part of TypeScript's library that the declarations need, and then name themselves
 */
export function preset(
  overrides: Options,
  declarations?: { readonly lib?: string },
): ReturnType<typeof defineConfig>;
