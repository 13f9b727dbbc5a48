import * as z from 'zod/mini';
import { DURATION_FORM, durationOf } from './duration.ts';
import { interfaceOrVhidFault } from './interface-list.ts';
import { type OddNumber, plainValue } from './odd-number.ts';
import { judged, leaf, list, lists, mapping, named, oneOf, type Part, text } from './parts.ts';
import { argumentFault, pathFault } from './paths.ts';
import {
  ACTIONS,
  ENFORCE,
  HOOK_EVENTS,
  LOG_FORMATS,
  LOG_TARGETS,
  ON_EXIT,
  parseListenAddress,
  RAISE,
} from './settings.ts';

/*
 * The shape of the configuration file, written once: the reader checks a file against it, and the JSON Schema is generated
 * from it. Rules about what groups mean (counts, loops, names of groups) are the policy's, and `compile` judges them.
 */

const vhid = '([1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])@';
const interfaceName = {
  pattern: `^(?!(${vhid})?\\.{1,2}$)(?!${vhid}.{16})[^\\s/:*?\\[\\p{Cc}]{1,127}$`,
  description:
    'an interface, of 1 to 15 bytes; Linux: or an alternative name, up to 127; FreeBSD: or a vhid of carp(4) with its parent, 1@em0',
};
const name = text('an interface name', { ...interfaceName, id: 'interface' }, interfaceOrVhidFault);
const nameOf = (what: string) => text(`the name of a ${what}`);
const path = text('the path of a file', { pattern: '^/' }, pathFault);

function duration(least: number, more = {}): Part<string | number> {
  const noun = `${DURATION_FORM}${least > 0 ? `, at least ${least}ms` : ''}`;
  const json = {
    anyOf: [
      { type: 'string', pattern: '^(\\d+(\\.\\d+)?|(\\d+(\\.\\d+)?(ms|s|m|h|d))+)$' },
      { type: 'number', minimum: 0 },
    ],
    description: '250ms, 3s, 2m, 1h30m; a plain number is seconds',
    ...more,
  };
  return leaf(noun, json, (value) => ((durationOf(value) ?? -1) < least ? '' : null));
}

function whole(minimum: number, maximum: number): Part<number> {
  return leaf(
    `a whole number from ${minimum} to ${maximum}`,
    { type: 'integer', minimum, maximum },
    (value) => {
      const number = plainValue(value);
      return Number.isInteger(number) && Number(number) >= minimum && Number(number) <= maximum ? null : '';
    },
  );
}

/** One of some words. */
const word = <const Words extends readonly [string, ...string[]]>(words: Words) => z.enum(words);

/** No shell ever sees it; a number is passed on as it is written: 0.50 and 010 are arguments like any others. */
const argument = leaf<string | number | OddNumber>(
  'a text',
  { type: ['string', 'number'] },
  (value) =>
    typeof value === 'string' && value !== ''
      ? argumentFault(value)
      : typeof plainValue(value) === 'number'
        ? null
        : '',
  'string',
);
const command = list(
  argument,
  'a list, the program and its arguments each by itself (there is no shell)',
).register(z.globalRegistry, {
  description: 'the program and its arguments, each by itself: there is no shell',
});

const count = { type: 'integer', minimum: 1 };
const percentage = {
  type: 'string',
  pattern: '^(?!0+(\\.0+)?%$)0*(100(\\.0+)?|\\d{1,2}(\\.\\d+)?)%$',
};
const enough = { anyOf: [count, percentage] };
const howManyText = {
  anyOf: [{ enum: ['all', 'any'] }, percentage, { type: 'string', pattern: '^0*[1-9]\\d*$' }],
};

/** Whether a `require` is how many of the sources are enough, in the words of `--require`. */
export function isHowMany(value: unknown): boolean {
  const written = plainValue(value);
  return typeof written !== 'object' && /^(?:all|any|-?\d+|\d+(?:\.\d+)?%)$/.test(String(written));
}

/** {@link expression}, which holds itself. */
const anyExpression: Part = z.lazy(() => expression).register(z.globalRegistry, { id: 'expression' });
const expressions = lists(anyExpression, 'a list of interface names and expressions', 'expressions');
const weights = lists(
  mapping({ source: anyExpression, weight: judged(count) }),
  'a list of mappings with source and weight',
  'weights',
);
const operators = {
  all: mapping({ all: expressions }),
  any: mapping({ any: expressions }),
  not: mapping({ not: anyExpression }),
  'at-least': mapping({
    'at-least': judged(enough),
    below: z.optional(judged(enough)),
    of: expressions,
  }),
  weight: mapping({
    weight: mapping({ 'at-least': judged(count), below: z.optional(judged(count)), of: weights }),
  }),
  group: mapping({ group: nameOf('group') }),
  check: mapping({ check: nameOf('check') }),
};
const oneOperator = Object.keys(operators).join(', ');
const expressionForm = {
  noun: `an interface name or a mapping with one of ${oneOperator}`,
  missing: `must have one of ${oneOperator}`,
  ifList: `must be an interface name or a mapping with one of ${oneOperator}, not a list; write {all: […]} or {any: […]}`,
  byKey: operators,
};
const expression: Part = oneOf({ ...expressionForm, text: name }).register(z.globalRegistry, {
  description: `what has to hold: an interface, or one of ${oneOperator}`,
});

/** A `require` without `sources`. */
const requirement = oneOf({
  ...expressionForm,
  text: leaf<string>(
    'an interface name',
    { type: 'string', ...interfaceName, not: howManyText },
    (value) =>
      isHowMany(value)
        ? `'require: ${plainValue(value)}' needs 'sources', the list of them; an interface of that name is written {all: ["${plainValue(value)}"]}`
        : typeof value === 'string' && value !== ''
          ? interfaceOrVhidFault(value)
          : '',
    'string',
  ),
});

const destination = oneOf({
  noun: 'an interface name or a mapping with one of interface, file, demote',
  missing: 'must have one of interface, file, demote',
  text: name,
  byKey: {
    interface: mapping({ interface: name, action: z.optional(word(ACTIONS)) }),
    file: mapping({
      file: path,
      up: text('the text that means up'),
      down: text('the text that means down'),
    }).check(({ value, issues }) => {
      if (value.up === value.down) {
        issues.push({ code: 'custom', input: value, path: ['down'], message: "'up' and 'down' must differ" });
      }
    }),
    demote: mapping({
      demote: text(
        "the name of an interface group ('carp' is all carp interfaces)",
        {
          pattern: '^[^\\s/:]{0,14}[^\\s/:\\d]$',
          description: 'the demotion counter of carp(4): OpenBSD, of this interface group; FreeBSD: carp',
        },
        (group) =>
          /^[^\s/:]{0,14}[^\s/:\d]$/.test(group)
            ? null
            : 'is no name of an interface group: 1 to 15 characters, the last of them no digit',
      ),
      // net/if.c of OpenBSD: the largest counter of a group; nobody needs more of FreeBSD's either.
      by: z.optional(whole(1, 255)),
    }),
  },
});

const delay = z.optional(duration(0, { id: 'duration' }));
const points = z.optional(judged({ type: 'number', minimum: 1 }));
const dampening = mapping(
  {
    'half-life': z.optional(duration(1)),
    suppress: points,
    reuse: points,
    'max-suppress': z.optional(duration(1)),
    penalty: points,
  },
  'a mapping, and {} is all of the defaults',
).register(z.globalRegistry, { id: 'dampening' });
const behaviour = {
  destinations: lists(destination, 'a list of interface names and destinations', 'destinations'),
  'down-delay': delay,
  'up-delay': delay,
  'start-delay': delay,
  'start-hold': delay,
  dampening: z.optional(z.nullable(dampening)),
  enforce: z.optional(word(ENFORCE)).register(z.globalRegistry, { default: 'down' }),
  raise: z.optional(word(RAISE)).register(z.globalRegistry, { default: 'always' }),
  'on-exit': z.optional(word(ON_EXIT)).register(z.globalRegistry, { default: 'leave' }),
};
/** The keys of a group, in the order of the manual page. */
export const GROUP_KEYS: readonly string[] = ['sources', 'require', ...Object.keys(behaviour)];

const group = oneOf({
  noun: 'a mapping with sources or require, and destinations',
  missing: "must have 'sources' (a list of interfaces) or 'require' (an expression)",
  byKey: {
    sources: mapping({
      sources: lists(anyExpression, 'a list of interface names', 'sources').register(z.globalRegistry, {
        id: 'sources',
        description: 'short for require: {all: […]}; require may say how many of them',
      }),
      require: z.optional(
        leaf('', { anyOf: [count, ...howManyText.anyOf] }, (value) =>
          isHowMany(value)
            ? null
            : "beside 'sources' this is all, any, a number or a percentage; name the sources in the expression instead, such as 'require: {all: […]}'",
        ),
      ),
      ...behaviour,
    }),
    require: mapping({ require: requirement, ...behaviour }),
  },
});

const check = oneOf({
  noun: "a mapping with 'file' or 'exec'",
  missing: "must have either 'file' (a path) or 'exec' (a program and its arguments)",
  byKey: {
    file: mapping({ file: path, 'active-when': z.optional(word(['present', 'missing'])) }),
    exec: mapping({
      exec: command,
      every: z.optional(duration(100)),
      timeout: z.optional(duration(1)),
      rise: z.optional(whole(1, 1000)),
      fall: z.optional(whole(1, 1000)),
    }),
  },
});

const hook = mapping({
  on: z.optional(list(word(HOOK_EVENTS), `a list of ${HOOK_EVENTS.join(', ')}`)),
  exec: command,
  timeout: z.optional(duration(1)),
});

const listen = leaf<string | number>(
  'ADDRESS:PORT or PORT, such as "127.0.0.1:9817" or "[::1]:9817"',
  {
    anyOf: [
      { type: 'string', pattern: '^((\\[[0-9a-fA-F:.]+\\]|[\\w.-]*):)?\\d{1,5}$' },
      { type: 'integer', minimum: 0, maximum: 65_535 },
    ],
    description: 'ADDRESS:PORT, or a port of loopback',
  },
  (value) => (parseListenAddress(String(plainValue(value))) === null ? '' : null),
);

const FORBIDDEN = '\\p{Cc}\\p{Cs}\\ufffd';
const groupName = nameLike(
  '[^\\s/:{}]{1,63}',
  "the name of a group has 1 to 63 characters, no control characters, and no white space, '/' or ':'",
);
const checkName = nameLike(
  '[^{}]+',
  'the name of a check has at least one character, and no control characters',
);

/** A name that the file gives. */
function nameLike(form: string, fault: string): Part<string> {
  const pattern = `^${form.replace('{}', FORBIDDEN)}$`;
  const whole = new RegExp(pattern, 'u');
  return leaf('', { type: 'string', pattern }, (value) => (whole.test(String(value)) ? null : fault));
}

/** The file, without the keys that begin with `x-`. */
export const fileShape = mapping({
  groups: named(
    groupName,
    group,
    'a mapping with at least one group: its name, and below it sources and destinations',
    1,
  ),
  checks: z.optional(named(checkName, check, 'a mapping with checks: a name, and below it file or exec')),
  hooks: z.optional(list(hook, 'a list of hooks')),
  log: z.optional(
    mapping(
      { format: z.exactOptional(word(LOG_FORMATS)), target: z.exactOptional(word(LOG_TARGETS)) },
      'a mapping such as {format: json} or {target: syslog}',
    ),
  ),
  metrics: z.optional(mapping({ listen }, 'a mapping such as {listen: 9817}')),
  $schema: z.optional(judged({ type: 'string' })),
}).register(z.globalRegistry, {
  title: 'ifdepd.conf',
  patternProperties: { '^x-': { description: 'for anchors; nothing is read here' } },
});

/** A destination in a file. */
export type FileDestination = z.output<typeof destination>;

/** A file that has that shape. */
export type ConfigFile = z.output<typeof fileShape>;
