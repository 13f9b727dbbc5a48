import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

/** An `@example` of a documentation comment. */
interface DocExample {
  /** The file and the declaration below the comment. */
  readonly place: string;
  readonly text: string;
}

/**
 * Runs each `@example` in the documentation comments of a package, as a program of its own. It must print what the comments say at the
 * end of lines with `console.log`, then what the comments after the last statement say, and nothing else.
 *
 * @returns how many examples there are, and what differs
 */
export function runDocExamples(packageDir: string): {
  readonly count: number;
  readonly faults: readonly string[];
} {
  const examples = docExamples(packageDir);
  const faults = examples.flatMap(({ place, text }) => {
    using module = bundle(packageDir, { name: 'example', text });
    const { status, stdout, stderr } = spawnSync(process.execPath, [module.path], { encoding: 'utf8' });
    const promised = promisedBy(text);
    return status === 0 && stdout === promised
      ? []
      : [`${place}: exit code ${status}, printed ${stdout}${stderr}instead of ${promised}`];
  });
  return { count: examples.length, faults };
}

function docExamples(packageDir: string): readonly DocExample[] {
  const sources = readdirSync(join(packageDir, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  return sources.sort().flatMap((path) => {
    const source = readFileSync(join(packageDir, 'src', path), 'utf8');
    const comments = source.matchAll(/^ \* @example\n \* ```ts\n((?: \*.*\n)*?) \* ```\n \*\/\n(.*)$/gm);
    return [...comments].map(([, lines = '', declaration]) => ({
      place: `${path}: ${declaration}`,
      text: lines.replace(/^ \* ?/gm, ''),
    }));
  });
}

function promisedBy(text: string): string {
  const lines = text.trimEnd().split('\n');
  const last = lines.findLastIndex((line) => !line.startsWith('// '));
  const printed = lines.map((line, at) =>
    at > last ? line.slice('// '.length) : /console\.log\(.* \/\/ (.*)$/.exec(line)?.[1],
  );
  return printed.flatMap((line) => (line === undefined ? [] : [`${line}\n`])).join('');
}
