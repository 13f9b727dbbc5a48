// `npm run kernels`: boots kernels of Debian in virtual machines, and runs the installed daemon over their drivers.
import { existsSync } from 'node:fs';
import { fetchKernel } from './fetch/kernel.ts';
import { guestNode } from './fetch/node.ts';
import { knownKernels } from './known-kernels.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { type Column, table, writeCounts } from './report.ts';
import { runKernel } from './run-kernel.ts';
import { scenarios } from './scenarios/index.ts';

async function run(options: Options): Promise<number> {
  const columns: Column[] = [];
  const chosen = scenarios.filter(({ name }) => options.scenarios.includes(name));
  for (const known of knownKernels.filter(({ id }) => options.kernels.includes(id))) {
    const kernel = fetchKernel(known, options.architecture);
    for (const line of options.nodes) {
      const results = await runKernel(kernel, chosen, {
        ...options,
        node: guestNode(line, options.architecture),
      });
      columns.push({ title: line === null ? kernel.release : `${kernel.release}, Node ${line}`, results });
    }
  }
  console.log(`\n${table(columns)}`);
  if (options.counts !== null) {
    writeCounts(options.counts, columns);
  }
  return columns.some(({ results }) => results.some(({ outcome }) => outcome === 'failed')) ? 1 : 0;
}

function report(error: unknown): void {
  console.error(`kernels: ${error instanceof Error ? error.message : String(error)}`);
}

function read(): Options | 'help' | null {
  try {
    return parseOptions(process.argv.slice(2), existsSync('/dev/kvm'));
  } catch (error) {
    report(error);
    return null;
  }
}

const options = read();
if (options === null || options === 'help') {
  console.log(usage);
  process.exitCode = options === null ? 64 : 0;
} else {
  try {
    process.exitCode = await run(options);
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}
