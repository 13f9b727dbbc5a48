import type { Imported, Requirement } from './imported.ts';

/** The contents of a file, with the name that its lines are quoted by. */
export interface Source {
  readonly file: string;
  readonly imported: Imported;
}

/** The configuration itself, for programs. */
export function configOf(sources: readonly Source[]): object {
  const unique = uniqueNames();
  const groups = sources.flatMap(({ imported }) =>
    imported.groups.map(({ name, require, destinations, options }) => [
      unique(name),
      { ...needed(require), destinations, ...options },
    ]),
  );
  const checks = sources.flatMap(({ imported }) =>
    imported.checks.map(({ name, exec, options }) => [name, { exec, ...options }]),
  );
  return {
    groups: Object.fromEntries(groups),
    ...(checks.length > 0 ? { checks: Object.fromEntries(checks) } : {}),
  };
}

/** Gives the second group of a name another one. */
function uniqueNames(): (name: string) => string {
  const names = new Set<string>();
  return (name) => {
    let free = name;
    for (let number = 2; names.has(free); number += 1) {
      free = `${name}-${number}`;
    }
    names.add(free);
    return free;
  };
}

/** Writes a configuration of ifdepd.conf(5) with a comment on each thing that was taken, or left out. */
export function writeConfig(sources: readonly Source[]): string {
  const unique = uniqueNames();
  const groups = sources.flatMap(({ file, imported }) =>
    imported.groups.flatMap(({ name, line, from, remarks, require, destinations, options = {} }) => [
      `  # ${comment(`${file}:${line}: ${from}`)}`,
      ...remarks.map((remark) => `  # ${comment(remark)}`),
      `  ${scalar(unique(name))}:`,
      ...Object.entries(needed(require)).map(([key, value]) => `    ${key}: ${flow(value)}`),
      '    destinations:',
      ...destinations.map((destination) => `      - ${flow(destination)}`),
      ...Object.entries(options).map(([key, value]) => `    ${key}: ${scalar(value)}`),
      '',
    ]),
  );
  const checks = new Map(
    sources.flatMap(({ file, imported }) =>
      imported.checks.map((check) => [
        check.name,
        [
          `  # ${comment(`${file}:${check.line}: ${check.from}`)}`,
          `  ${scalar(check.name)}: ${flow({ exec: check.exec, ...check.options })}`,
        ],
      ]),
    ),
  );
  const left = sources.flatMap(({ file, imported }) =>
    imported.left.map(({ line, what }) => `# ${comment(`${file}:${line}: ${what}`)}`),
  );
  return `${[
    `# Made from ${comment(sources.map(({ file }) => file).join(', '))}. Look at each comment, then: ifdepd check -f FILE; ifdepd plan -f FILE`,
    ...(left.length > 0 ? ['', '# Not taken:', ...left] : []),
    '',
    'groups:',
    ...groups,
    ...(checks.size > 0 ? ['checks:', ...[...checks.values()].flat()] : []),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** `sources` where all of several things are needed, else `require`. */
function needed(require: Requirement): object {
  if (typeof require === 'string') {
    return { sources: [require] };
  }
  return 'all' in require ? { sources: require.all } : { require };
}

/** One line, without control characters. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** A value in the flow style of YAML. */
function flow(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(flow).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${scalar(key)}: ${flow(member)}`)
      .join(', ')}}`;
  }
  return typeof value === 'number' ? String(value) : scalar(String(value));
}

/** A text as YAML reads it back: plain where that is certain, else in double quotes. */
function scalar(text: string): string {
  return /^[A-Za-z][\w.@/-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
