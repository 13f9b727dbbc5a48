import type { defineConfig, Options } from 'tsup';

/** The build of every package here; `entry` names its public files. */
export function preset(overrides: Options): ReturnType<typeof defineConfig>;
