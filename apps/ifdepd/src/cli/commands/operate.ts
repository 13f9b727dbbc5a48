import type { SettingsChanges } from '../../config/settings-changes.ts';
import { restartNotice } from '../../service/running.ts';
import { ExitCode, UsageError } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { durationValue } from '../arguments/option-values.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { print, printAs, shown } from '../output/print.ts';

/** `ifdepd reload` */
export async function reloadCommand({ values }: CommandWords<'reload'>): Promise<number> {
  const asked = await askDaemon({ socket: values.socket, method: 'POST', path: '/v1/reload' });
  const answer = answerJson<SettingsChanges & { readonly restart?: readonly string[] }>(asked);
  const later = restartNotice(answer.restart ?? []);
  const lines = (['added', 'removed', 'changed'] as const).flatMap((what) =>
    answer[what].length === 0 ? [] : [`${what}: ${answer[what].join(', ')}`],
  );
  printAs(values.json, answer, () => [later === '' ? 'reloaded' : `reloaded; ${later}`, ...lines].map(shown));
  return ExitCode.ok;
}

/** `ifdepd pause GROUP` */
export async function pauseCommand({ values, positionals }: CommandWords<'pause'>): Promise<number> {
  const group = groupOf('pause', positionals);
  const forMs = durationValue('--for', values.for);
  const query = forMs === undefined ? '' : `?for=${forMs}ms`;
  const path = `/v1/groups/${encodeURIComponent(group)}/pause${query}`;
  const asked = await askDaemon({ socket: values.socket, method: 'POST', path });
  const { already } = answerJson<{ readonly already?: boolean }>(asked);
  print(
    `${group}: ${already ? 'was paused already; now ' : ''}paused${values.for === undefined ? `; ifdepd resume ${group}` : ` for ${values.for}`}`,
  );
  return ExitCode.ok;
}

/** `ifdepd resume GROUP` */
export async function resumeCommand({ values, positionals }: CommandWords<'resume'>): Promise<number> {
  const group = groupOf('resume', positionals);
  const path = `/v1/groups/${encodeURIComponent(group)}/resume`;
  const asked = await askDaemon({ socket: values.socket, method: 'POST', path });
  const { resumed } = answerJson<{ readonly resumed: boolean }>(asked);
  print(resumed ? `${group}: resumed` : `${group}: was not paused`);
  return ExitCode.ok;
}

function groupOf(command: string, [group]: readonly string[]): string {
  if (group === undefined) {
    throw new UsageError(`'${command}' needs the name of a group; 'ifdepd status' shows them`);
  }
  return group;
}
