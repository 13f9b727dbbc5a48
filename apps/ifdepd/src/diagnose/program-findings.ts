import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { followPath, isTrusted } from '../system/trusted-path.ts';
import type { Finding } from './findings.ts';

/** The parts of a configuration that name programs. */
type Named = Pick<Settings, 'checks' | 'hooks' | 'destinations'>;

/** The programs of checks, hooks and destinations, each with the key that names it. */
export function programsOf({ checks, hooks, destinations }: Named): readonly {
  readonly command: readonly string[];
  readonly whose: string;
}[] {
  return [
    ...[...checks.values()].flatMap((check) =>
      check.kind === 'exec' ? [{ command: check.command, whose: `check ${check.name}` }] : [],
    ),
    ...hooks.map(({ command, on }) => ({ command, whose: `hook on ${on.join(', ')}` })),
    ...[...destinations.values()].flatMap((one) =>
      one.action === 'exec'
        ? (['up', 'down', 'read'] as const).flatMap((key) => {
            const command = one[key];
            return command === null ? [] : [{ command, whose: `${key} of ${one.id}` }];
          })
        : [],
    ),
  ];
}

/**
 * Finds programs of checks, hooks and destinations that cannot be run, or that others can change, before they are needed.
 *
 * @param path the folders of programs that are named without one. Default: PATH
 */
export function programFindings(
  settings: Named,
  path: string = process.env['PATH'] ?? '',
): readonly Finding[] {
  return programsOf(settings).flatMap(({ command: [program = ''], whose }): readonly Finding[] => {
    const fault = programFault(program, path);
    if (fault !== null) {
      return [{ level: 'warning', code: 'no-program', subject: program, message: `${fault} (${whose})` }];
    }
    const open = program.startsWith('/') ? changeableBy(program) : null;
    return open === null
      ? []
      : [{ level: 'warning', code: 'open-program', subject: program, message: `${open} (${whose})` }];
  });
}

function programFault(program: string, path: string): string | null {
  if (!program.includes('/')) {
    return path.split(':').some((folder) => isProgram(join(folder, program)))
      ? null
      : `no folder of PATH has such a program: write where it is (PATH=${path})`;
  }
  if (!program.startsWith('/')) {
    return 'programs are run in the directory /: write the path from / on';
  }
  return isProgram(program) ? interpreterFault(program) : 'there is no such program, or it may not be run';
}

/** Another user than root and this one who could put other code in its place; null if there is none. */
function changeableBy(program: string): string | null {
  const { path, fault } = followPath(program);
  if (fault !== null) {
    return `another user can replace it: ${fault}`;
  }
  const stat = statSync(path);
  if ((stat.mode & 0o022) !== 0) {
    return `it is writable by others than its owner, and runs as this user: chmod go-w ${path}`;
  }
  return isTrusted(stat)
    ? null
    : `it belongs to user ${stat.uid}, who is neither root nor the one that runs it: chown root ${path}`;
}

/** The first line of a script names its interpreter; with line ends of Windows it names none that exists. */
function interpreterFault(program: string): string | null {
  const interpreter = /^#![ \t]*([^ \t\n]+)/.exec(firstBytes(program))?.[1];
  if (interpreter === undefined || isProgram(interpreter)) {
    return null;
  }
  return interpreter.endsWith('\r')
    ? 'its lines end with CR LF, so it cannot be run: convert it to LF'
    : `its interpreter ${interpreter} is missing, or may not be run`;
}

/** '' where it cannot be read. */
function firstBytes(path: string): string {
  const bytes = Buffer.alloc(256);
  try {
    const fd = openSync(path, 'r');
    try {
      return bytes.toString('latin1', 0, readSync(fd, bytes));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
