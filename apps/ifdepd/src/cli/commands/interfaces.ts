import { loadLibc } from '@ifdepd/libc';
import { watchLinks } from '@ifdepd/linkwatch';
import { openNetIf } from '@ifdepd/netif';
import { type InterfaceReport, interfaceReports } from '../../control/interface-report.ts';
import { linkHealth } from '../../engine/sources/index.ts';
import { ExitCode } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { enterNamespaceOf } from '../arguments/enter-namespace.ts';
import { print, printJson, shown } from '../output/print.ts';
import { type Cell, columns, type Style, style, table } from '../output/terminal.ts';
import { repaint } from '../output/watch.ts';

/** `ifdepd interfaces`: asks the kernel, not a daemon. */
export async function interfacesCommand({ values }: CommandWords<'interfaces'>): Promise<number> {
  enterNamespaceOf(values.netns);
  const libc = loadLibc();
  using watch = watchLinks({ libc });
  using netif = openNetIf({ libc });
  const reports = () => interfaceReports(watch, (link) => linkHealth(link, netif));
  if (values.watch !== true) {
    await new Promise<void>((resolve) => {
      watch.subscribe(() => resolve());
    });
    show(reports(), values.json === true);
    return ExitCode.ok;
  }
  if (values.json !== true) {
    // Awaited here: the end of this function closes the watch.
    return await repaint(async () => interfaceLines(reports(), style(), columns()));
  }
  for await (const _event of watch) {
    show(reports(), true);
  }
  return ExitCode.ok;
}

function show(reports: readonly InterfaceReport[], json: boolean): void {
  if (json) {
    printJson(reports);
  } else {
    print(...interfaceLines(reports, style(), columns()));
  }
}

/** The table of all interfaces. */
function interfaceLines(reports: readonly InterfaceReport[], paint: Style, width: number): readonly string[] {
  const head = ['INTERFACE', 'STATE', 'REASON', 'KIND', 'ON'].map(
    (text): Cell => ({ text, paint: paint.head }),
  );
  const rows = reports.map(({ name, health, reason, kind, on, master, altNames }): Cell[] => [
    { text: shown(name) },
    { text: health, paint: health === 'active' ? paint.good : paint.bad },
    { text: health === 'active' ? '' : reason },
    { text: kind ?? '' },
    {
      text: [
        on === null ? '' : shown(on),
        master === null ? '' : `in ${shown(master)}`,
        altNames.length === 0 ? '' : `also ${shown(altNames.join(' '))}`,
      ]
        .filter((part) => part !== '')
        .join(', '),
    },
  ]);
  return table([head, ...rows], width);
}
