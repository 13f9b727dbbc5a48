import { HOLD_FORM, parseHold } from '../../config/duration.ts';
import type { SettingsChanges } from '../../config/settings-changes.ts';
import { restartNotice } from '../../service/running.ts';
import { ExitCode, UsageError } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { wrongValue } from '../arguments/parse-words.ts';
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
export function pauseCommand(words: CommandWords<'pause'>): Promise<number> {
  return hold('pause', words, 'paused', 'resume');
}

/** `ifdepd down GROUP` */
export function downCommand(words: CommandWords<'down'>): Promise<number> {
  return hold('down', words, 'drained', 'up');
}

/** `ifdepd resume GROUP` */
export function resumeCommand(words: CommandWords<'resume'>): Promise<number> {
  return release('resume', words, 'resumed', 'was not paused');
}

/** `ifdepd up GROUP` */
export function upCommand(words: CommandWords<'up'>): Promise<number> {
  return release('up', words, 'drain ended', 'was not drained');
}

/** `ifdepd restore GROUP` */
export function restoreCommand(words: CommandWords<'restore'>): Promise<number> {
  return release('restore', words, 'restored', 'was not latched');
}

async function hold(
  command: 'pause' | 'down',
  { values, positionals }: CommandWords<'pause'>,
  done: string,
  opposite: string,
): Promise<number> {
  const group = groupOf(command, positionals);
  const forMs = values.for === undefined ? undefined : parseHold(values.for);
  if (values.for !== undefined && forMs === null) {
    const way = `without it, '${command}' lasts until ifdepd ${opposite} ${group}`;
    throw wrongValue('--for', values.for, `must be ${HOLD_FORM}; ${way}`);
  }
  const query = forMs === undefined ? '' : `?for=${forMs}ms`;
  const { already } = await ask<{ readonly already?: boolean }>(values.socket, group, `${command}${query}`);
  const end = values.for === undefined ? `; ifdepd ${opposite} ${group}` : ` for ${values.for}`;
  print(`${group}: ${already ? `was ${done} already; now ` : ''}${done}${end}`);
  return ExitCode.ok;
}

async function release(
  command: 'resume' | 'up' | 'restore',
  { values, positionals }: CommandWords<'resume'>,
  done: string,
  undone: string,
): Promise<number> {
  const group = groupOf(command, positionals);
  const answer = await ask<Readonly<Record<string, unknown>>>(values.socket, group, command);
  print(`${group}: ${Object.values(answer).includes(true) ? done : undone}`);
  return ExitCode.ok;
}

async function ask<Answer>(socket: string | undefined, group: string, operation: string): Promise<Answer> {
  const path = `/v1/groups/${encodeURIComponent(group)}/${operation}`;
  return answerJson<Answer>(await askDaemon({ socket, method: 'POST', path }));
}

function groupOf(command: string, [group]: readonly string[]): string {
  if (group === undefined) {
    throw new UsageError(`'${command}' needs the name of a group; 'ifdepd status' shows them`);
  }
  return group;
}
