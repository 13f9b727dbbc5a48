import type { StatusReport } from '../../control/status-report.ts';
import type { DaemonArguments } from '../../service/run-options.ts';
import { absolutePath } from '../../system/absolute-path.ts';
import { ExitCode, ExitError, UsageError } from '../../system/errors.ts';
import { daemonArguments } from '../arguments/daemon-arguments.ts';
import { answerJson, askDaemon } from './client.ts';

/**
 * The arguments of a daemon that might be started; where no configuration is named, the file of the one that runs.
 *
 * @throws {UsageError} where there is none of either
 */
export async function whatIsAsked(values: Parameters<typeof daemonArguments>[0]): Promise<DaemonArguments> {
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
