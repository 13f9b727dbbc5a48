/** The Node lines that are tested besides the one that runs the tests: 22, 24, 26. */
export const nodeLines: readonly number[];

/** The interpreter of a line; null where it has not been installed. */
export function nodePath(line: number): string | null;

/** Fetches the interpreters. Returns why there are none, or null where they are there. */
export function installNodeLines(): string | null;
