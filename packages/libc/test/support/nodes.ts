import { nodePath, nodeLines as others } from '@ifdepd/node-lines';

/** Every line of Node that the packages promise to run on. */
export const nodeLines = [20, ...others] as const;

/** A Node of that line: the one that runs the tests, or the one that was fetched; null without either. */
export function nodeOfLine(line: number): string | null {
  return process.versions.node.startsWith(`${line}.`) ? process.execPath : nodePath(line);
}
