import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { nodeLines, nodePath } from '@ifdepd/node-lines';
import { begin, root } from './run.mjs';

/** The layers that decode, encode and count bytes: what can differ is the engine. The matrix of ci.yml runs everything on each line. */
const layers = ['netlink', 'netif', 'linkwatch'];

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

/**
 * Runs the unit tests of these layers on each installed line of Node, all lines at once.
 *
 * @returns {Promise<number>} how many runs have failed; the output of those is printed
 */
export async function unitTestsOnOtherLines() {
  let failed = 0;
  for (const layer of layers) {
    const runs = nodeLines.map(async (line) => {
      const { status, output } = await begin(String(nodePath(line)), [vitest, 'run', '--project', 'unit'], {
        cwd: join(root, 'packages', layer),
        env: { IFDEPD_TEST_RUN: `node${line}` },
      });
      if (status !== 0) {
        failed += 1;
        console.log(`-- ${layer}, Node ${line}\n${output}`);
      }
    });
    await Promise.all(runs);
  }
  return failed;
}
