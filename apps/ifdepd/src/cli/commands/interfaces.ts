import { loadLibc } from '@ifdepd/libc';
import { watchLinks } from '@ifdepd/linkwatch';
import { openNetIf } from '@ifdepd/netif';
import { type InterfaceReport, interfaceReports } from '../../control/interface-report.ts';
import { linkHealth } from '../../engine/sources/index.ts';
import { ExitCode } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { enterNamespaceOf } from '../arguments/enter-namespace.ts';
import { printAs, printJson, shown } from '../output/print.ts';
import { type Style, style, table } from '../output/terminal.ts';
import { repaint } from '../output/watch.ts';

/** `ifdepd interfaces`: asks the kernel, not a daemon. */
export async function interfacesCommand({ values }: CommandWords<'interfaces'>): Promise<number> {
  enterNamespaceOf(values.netns);
  const libc = loadLibc();
  using watch = watchLinks({ libc });
  using netif = openNetIf({ libc });
  const reports = () => interfaceReports(watch.links.values(), (link) => linkHealth(link, netif));
  const lines = () => interfaceLines(reports(), style());
  if (values.watch !== true) {
    await new Promise<void>((resolve) => {
      watch.subscribe(() => resolve());
    });
    printAs(values.json, reports(), lines);
    return ExitCode.ok;
  }
  if (values.json !== true) {
    // Awaited here: the end of this function closes the watch.
    return await repaint(async () => lines());
  }
  for await (const _event of watch) {
    printJson(reports());
  }
  return ExitCode.ok;
}

/** The table of all interfaces. */
function interfaceLines(reports: readonly InterfaceReport[], paint: Style): readonly string[] {
  const rows = reports.map(({ name, health, reason, kind, on, master, altNames }) => {
    const relations = [
      on === null ? '' : shown(on),
      master === null ? '' : `in ${shown(master)}`,
      altNames.length === 0 ? '' : `also ${shown(altNames.join(' '))}`,
    ];
    const isActive = health === 'active';
    return [
      shown(name),
      isActive ? paint.good(health) : paint.bad(health),
      isActive ? '' : reason,
      kind ?? '',
      relations.filter(Boolean).join(', '),
    ];
  });
  return table([['INTERFACE', 'STATE', 'REASON', 'KIND', 'ON'].map(paint.head), ...rows]);
}
