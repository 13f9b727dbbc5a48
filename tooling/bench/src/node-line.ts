import { nodeLines, nodePath } from '@ifdepd/node-lines';
import type { Row } from './row.ts';

/** The interpreter of a Node line. */
export interface NodeLine {
  /** `Node 22` */
  readonly name: string;
  /** Null where it is not installed. */
  readonly path: string | null;
}

const own = Number.parseInt(process.versions.node, 10);

/** The line that runs the benchmark, and the others that are supported. */
export const lines: readonly NodeLine[] = [
  { name: `Node ${own}`, path: process.execPath },
  ...nodeLines.filter((line) => line !== own).map((line) => ({ name: `Node ${line}`, path: nodePath(line) })),
];

/** The row of a line without an interpreter. */
export function absent(quantity: string): Row {
  return { quantity, reference: 'absent', ifdepd: '', ratio: 'npm test installs it' };
}
