import type { Settings } from '../../config/settings.ts';
import type { StatusReport } from '../../control/status-report.ts';
import { interfacesOf } from '../../diagnose/check-host.ts';
import { absolutePath } from '../../system/directories.ts';
import { ExitCode, ExitError, UsageError } from '../../system/errors.ts';
import { type DaemonArguments, daemonArguments } from '../arguments/daemon-arguments.ts';
import { answerJson, askDaemon } from './client.ts';

/**
 * The arguments of a daemon to examine; without -f, -S and -D, those with the file of the running daemon.
 *
 * @throws {UsageError} where no daemon runs, or it has no file
 */
export async function argumentsToExamine(
  values: Parameters<typeof daemonArguments>[0],
): Promise<DaemonArguments> {
  if (values.config !== undefined || values.source !== undefined || values.destination !== undefined) {
    return daemonArguments(values);
  }
  const config = await runningConfig(values.socket);
  return daemonArguments({ ...values, config });
}

async function runningConfig(socket: string | undefined): Promise<string> {
  let report: StatusReport;
  try {
    report = answerJson(await askDaemon({ socket, path: '/v1/status' }));
  } catch (error) {
    if (error instanceof ExitError && error.exitCode === ExitCode.unavailable) {
      throw new UsageError(
        'nothing to look at: name a file with -f, or interfaces with -S and -D (no daemon runs)',
      );
    }
    throw error;
  }
  if (report.config === null) {
    throw new UsageError(
      `nothing to look at: the daemon that runs (process ${report.pid}) has no file; name one with -f, or interfaces with -S and -D`,
    );
  }
  return absolutePath(report.config);
}

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
  const named = interfacesOf(settings);
  const sources = groups.flatMap((group) => group.sources);
  return isSame(sources, named.sources) && isSame(destinations, named.destinations);
}

function isSame(some: readonly { readonly id: string }[], others: readonly string[]): boolean {
  const ids = some.map(({ id }) => id);
  return ids.sort().join(':') === [...others].sort().join(':');
}
