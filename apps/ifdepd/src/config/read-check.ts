import { readPath, refuseArgument } from './read-path.ts';
import type { Reader } from './reader.ts';
import { type CheckSettings, HOOK_EVENTS, type HookSettings } from './settings.ts';

const EVERY_MS = 10_000;
const TIMEOUT_MS = 10_000;
const LEAST_PERIOD_MS = 100;

/** Reads one check; null where it is none, noted. */
export function readCheck(reader: Reader, name: string): CheckSettings | null {
  if (reader.keys(['file', 'active-when', 'exec', 'every', 'timeout', 'rise', 'fall']) === undefined) {
    return null;
  }
  if (reader.has('file') === reader.has('exec')) {
    reader.fail("must have either 'file' (a path) or 'exec' (a program and its arguments)", 'key');
    return null;
  }
  return reader.has('file') ? readFileCheck(reader, name) : readExecCheck(reader, name);
}

function readFileCheck(reader: Reader, name: string): CheckSettings {
  reader.keys(['file', 'active-when']);
  const path = readPath(reader.in('file'));
  const activeWhen = reader.has('active-when')
    ? reader.in('active-when').choice(['present', 'missing'])
    : 'present';
  return { name, kind: 'file', path, activeWhen };
}

function readExecCheck(reader: Reader, name: string): CheckSettings {
  reader.keys(['exec', 'every', 'timeout', 'rise', 'fall']);
  const everyMs = reader.has('every') ? reader.in('every').duration(LEAST_PERIOD_MS) : EVERY_MS;
  const timeoutMs = reader.has('timeout') ? reader.in('timeout').duration(1) : Math.min(TIMEOUT_MS, everyMs);
  const count = (key: string) => (reader.has(key) ? reader.in(key).number(1, 1000) : 1);
  return {
    name,
    kind: 'exec',
    command: readCommand(reader.in('exec')),
    everyMs,
    timeoutMs,
    rise: count('rise'),
    fall: count('fall'),
  };
}

/** Reads one hook. */
export function readHook(reader: Reader): HookSettings {
  reader.keys(['on', 'exec', 'timeout']);
  const on = reader.has('on')
    ? reader
        .in('on')
        .items(HOOK_EVENTS.join(', '))
        .map((item) => item.choice(HOOK_EVENTS))
    : (['up', 'down'] as const);
  return {
    on,
    command: readCommand(reader.in('exec')),
    timeoutMs: reader.has('timeout') ? reader.in('timeout').duration(1) : TIMEOUT_MS,
  };
}

/** A program and its arguments: no shell ever sees them. */
function readCommand(reader: Reader): readonly string[] {
  if (typeof reader.value === 'string') {
    reader.fail('must be a list, the program and its arguments each by itself: no shell splits them');
    return [];
  }
  return reader.items('texts: the program and its arguments').map((item) => {
    // A number is passed on as it is written: 0.50 and 010 are arguments like any others.
    const written = typeof item.value === 'number' ? item.written : undefined;
    const word = written ?? item.text('a text');
    refuseArgument(item, word);
    return word;
  });
}
