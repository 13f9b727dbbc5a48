import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Finding } from './findings.ts';

/** The programs of checks and hooks, each with the key that names it. */
export function programsOf({ checks, hooks }: Pick<Settings, 'checks' | 'hooks'>): readonly {
  readonly command: readonly string[];
  readonly whose: string;
}[] {
  return [
    ...[...checks.values()].flatMap((check) =>
      check.kind === 'exec' ? [{ command: check.command, whose: `check ${check.name}` }] : [],
    ),
    ...hooks.map(({ command, on }) => ({ command, whose: `hook on ${on.join(', ')}` })),
  ];
}

/**
 * Finds programs of checks and hooks that cannot be run, before they are needed.
 *
 * @param path the folders of programs that are named without one. Default: PATH
 */
export function programFindings(
  settings: Pick<Settings, 'checks' | 'hooks'>,
  path: string = process.env['PATH'] ?? '',
): readonly Finding[] {
  return programsOf(settings).flatMap(({ command: [program = ''], whose }): readonly Finding[] => {
    const fault = programFault(program, path);
    return fault === null
      ? []
      : [{ level: 'warning', code: 'no-program', subject: program, message: `${fault} (${whose})` }];
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
