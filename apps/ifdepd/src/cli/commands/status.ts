import type { StatusReport } from '../../control/status-report.ts';
import { ExitCode, ExitError } from '../../system/errors.ts';
import { realLoop } from '../../system/loop.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { print, printAs, printJson, shown } from '../output/print.ts';
import { statusLines } from '../output/status-lines.ts';
import { style } from '../output/terminal.ts';
import { verdictOf } from '../output/verdict.ts';
import { repaint } from '../output/watch.ts';

/** `ifdepd status` */
export async function statusCommand({ values }: CommandWords<'status'>): Promise<number> {
  const { socket, json, watch, check } = values;
  const ask = async () => answerJson<StatusReport>(await askDaemon({ socket, path: '/v1/status' }));
  if (check === true) {
    return checkStatus(ask, json);
  }
  const first = await ask();
  if (watch === true && json !== true) {
    return repaint(async () => statusLines(await ask(), style(), realLoop.wallNow()));
  }
  printAs(json, first, () => statusLines(first, style(), realLoop.wallNow()));
  if (watch !== true) {
    return ExitCode.ok;
  }
  const path = `/v1/events?follow=1&since=${encodeURIComponent(new Date(realLoop.wallNow()).toISOString())}`;
  await askDaemon({ socket, path, onText: () => void ask().then(printJson, () => {}) });
  return ExitCode.unavailable;
}

/** One line on standard output, which monitoring plugins show, also where no daemon answers. @returns the exit code */
async function checkStatus(ask: () => Promise<StatusReport>, json: boolean | undefined): Promise<number> {
  try {
    const report = await ask();
    const verdict = verdictOf(report.groups, report.destinations, true);
    printAs(json, verdict, () => [shown(verdict.text)]);
    return verdict.exitCode;
  } catch (error) {
    if (!(error instanceof ExitError)) {
      throw error;
    }
    print(shown(error.message));
    return error.exitCode;
  }
}
