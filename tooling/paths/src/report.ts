import type { LabReport, LabRow } from './run-lab.ts';

/** A table of Markdown: one row for each source. */
export function table({ rows }: LabReport): string {
  return [
    '| | death | source | every | noticed after, p50 | longest | in probes, longest | allowed |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(line),
  ].join('\n');
}

function line({ death, source, noticedMs }: LabRow): string {
  const sorted = [...noticedMs].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const longest = sorted.at(-1) ?? Number.NaN;
  const { everyMs } = source;
  const cells = [
    death.number,
    death.name,
    source.name,
    everyMs === null ? 'reported' : `${everyMs} ms`,
    `${median} ms`,
    `${longest} ms`,
    everyMs === null ? '' : (longest / everyMs).toFixed(1),
    everyMs === null ? '' : source.within,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The rows whose source took longer than allowed. Slots of the timer may add a tenth of an interval. */
export function tooLate({ rows }: LabReport): readonly LabRow[] {
  return rows.filter(
    ({ source: { everyMs, within }, noticedMs }) =>
      everyMs !== null && noticedMs.some((ms) => !(ms <= (within + 0.1) * everyMs)),
  );
}
