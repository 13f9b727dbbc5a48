import { closeSync, openSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import { suggestion } from '../../config/nearest.ts';
import { parseSettings } from '../../config/parse-settings.ts';
import { ExitCode, ExitError, messageOf, UsageError } from '../../system/errors.ts';
import { readAtMost } from '../../system/read-at-most.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { type FormName, formOf, forms } from '../import/forms.ts';
import { ImportError } from '../import/imported.ts';
import { configOf, type Source, writeConfig } from '../import/write-config.ts';
import { onOutput, printJson } from '../output/print.ts';

/** Bytes. Far more than any such file has. */
const LARGEST_FILE = 1024 * 1024;

/** `ifdepd import`: configurations of other programs as one of ifdepd. */
export function importCommand({ values, positionals }: CommandWords<'import'>): number {
  if (positionals.length === 0) {
    throw new UsageError(
      "'import' needs a file: keepalived.conf, ifstated.conf, *.network …; '-' is standard input",
    );
  }
  const from = values.from === undefined ? undefined : formNamed(values.from);
  const sources = positionals.map((file) => read(file, from));
  if (sources.every(({ imported }) => imported.groups.length === 0)) {
    const why = sources.flatMap(({ file, imported }) =>
      imported.left.map(({ line, what }) => `\n${file}:${line}: ${what}`),
    );
    throw new ExitError(
      ExitCode.config,
      `${positionals.join(', ')}: there is nothing to take${why.join('')}`,
    );
  }
  if (values.json === true) {
    printJson({
      config: configOf(sources),
      taken: sources.flatMap(({ file, imported }) =>
        [...imported.groups, ...imported.checks].map(({ name, line, from }) => ({ name, file, line, from })),
      ),
      left: sources.flatMap(({ file, imported }) => imported.left.map((left) => ({ file, ...left }))),
    });
  } else {
    process.stdout.write(onOutput(writeConfig(sources)));
  }
  return validate(sources);
}

/** The result may not be a valid configuration: `ifconfig em0 down` where em0 fails. */
function validate(sources: readonly Source[]): number {
  try {
    parseSettings(writeConfig(sources), '-');
    return ExitCode.ok;
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    const faults = error.issues.map(({ key, message }) => `  ${key}: ${message}`).join('\n');
    process.stderr.write(`ifdepd: it has to be changed by hand before it is valid:\n${faults}\n`);
    return error.exitCode;
  }
}

/** @throws {UsageError} for a program that nothing is imported from */
function formNamed(from: string): FormName {
  const known = (Object.keys(forms) as readonly FormName[]).find((name) => name === from);
  if (known === undefined) {
    throw new UsageError(
      `--from '${from}': must be one of ${Object.keys(forms).join(', ')}${suggestion(from, Object.keys(forms))}`,
    );
  }
  return known;
}

function read(path: string, from: FormName | undefined): Source {
  const file = path === '-' ? '-' : basename(path);
  const text = textOf(path);
  const name = from ?? formOf(text, path);
  if (name === null) {
    throw new ExitError(
      ExitCode.config,
      `${path}: the program that it belongs to cannot be recognised; name it: --from ${Object.keys(forms).join('|')}`,
    );
  }
  try {
    return { file, imported: forms[name].read(text) };
  } catch (error) {
    if (error instanceof ImportError) {
      throw new ExitError(ExitCode.config, `${path}:${error.line}: ${error.message} (read as ${name})`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Standard input may never end: no more is read than is used. */
function textOf(path: string): string {
  let bytes: Buffer | null;
  try {
    if (path !== '-' && !statSync(path).isFile()) {
      throw new Error('it is not a regular file');
    }
    const fd = path === '-' ? 0 : openSync(path, 'r');
    try {
      bytes = readAtMost(fd, LARGEST_FILE);
    } finally {
      if (fd !== 0) {
        closeSync(fd);
      }
    }
  } catch (error) {
    throw new ExitError(ExitCode.config, `${path}: cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (bytes === null) {
    throw new ExitError(ExitCode.config, `${path}: has more bytes than are read: ${LARGEST_FILE}`);
  }
  return bytes.toString('utf8');
}
