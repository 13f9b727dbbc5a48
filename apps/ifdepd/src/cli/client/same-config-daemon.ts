import type { Settings } from '../../config/settings.ts';
import type { StatusReport } from '../../control/status-report.ts';
import { interfacesOf } from '../../diagnose/check-host.ts';
import type { DaemonArguments } from '../../service/run-options.ts';
import { ExitError } from '../../system/errors.ts';
import { answerJson, askDaemon } from './client.ts';

/**
 * The process of a daemon that runs the same configuration: it holds the destinations rightly. Null where there is none, or
 * where its socket may not be used.
 */
export async function sameConfigDaemon(
  settings: Settings,
  { socket }: Pick<DaemonArguments, 'socket'>,
): Promise<number | null> {
  try {
    const asked = socket === 'default' || socket === null ? undefined : socket;
    const report = answerJson<StatusReport>(await askDaemon({ socket: asked, path: '/v1/status' }));
    return isOf(report, settings) ? report.pid : null;
  } catch (error) {
    if (error instanceof ExitError) {
      return null;
    }
    throw error;
  }
}

/** The same file, or the same interfaces on the command line. */
function isOf({ config, groups, destinations }: StatusReport, settings: Settings): boolean {
  if (settings.file !== null || config !== null) {
    return config === settings.file;
  }
  const sources = groups.flatMap((group) => group.sources.map(({ id }) => id));
  return (
    sameNames(sources, interfacesOf(settings).sources) &&
    sameNames(
      destinations.map(({ id }) => id),
      [...settings.destinations.keys()],
    )
  );
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join(':') === [...others].sort().join(':');
}
