import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Result } from './try-scenario.ts';

/** The results of one kernel. */
export interface Column {
  readonly title: string;
  readonly results: readonly Result[];
}

/** Scenarios by kernels, as a table of Markdown. */
export function table(columns: readonly Column[]): string {
  const names = [...new Set(columns.flatMap(({ results }) => results.map(({ scenario }) => scenario)))];
  function cell(name: string, { results }: Column): string {
    const result = results.find(({ scenario }) => scenario === name);
    return result?.outcome === 'passed' && result.reason !== '' ? result.reason : (result?.outcome ?? '');
  }
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['scenario', ...columns.map(({ title }) => title)]),
    `|---${'|---'.repeat(columns.length)}|`,
    ...names.map((name) => row([name, ...columns.map((column) => cell(name, column))])),
  ].join('\n');
}

/** Writes the counts in the form in which `npm test` adds them up. A scenario that a kernel cannot run is not counted. */
export function writeCounts(path: string, columns: readonly Column[]): void {
  const all = columns.flatMap(({ title, results }) => results.map((result) => ({ title, ...result })));
  const failed = all.filter(({ outcome }) => outcome === 'failed');
  const counts = {
    passed: all.filter(({ outcome }) => outcome === 'passed').length,
    failed: failed.length,
    files: [],
    skips: [],
    failures: failed.map(({ title, scenario, reason }) => ({
      name: `${title} > ${scenario}`,
      error: reason,
    })),
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(counts)}\n`);
}
