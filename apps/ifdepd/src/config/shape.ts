import * as z from 'zod/mini';
import {
  described,
  judged,
  list,
  lists,
  mapping,
  named,
  oneOf,
  orKeyed,
  orOne,
  orWord,
  type Part,
  text,
} from './parts.ts';
import { PATTERN_KEYS } from './patterns.ts';
import { oneProbe, probe } from './probe-shape.ts';
import {
  ACTIONS,
  ENFORCE,
  HOOK_EVENTS,
  LOG_FORMATS,
  LOG_TARGETS,
  ON_EXIT,
  RAISE,
  RESTORE,
} from './settings.ts';
import {
  argument,
  checkName,
  count,
  driverPattern,
  duration,
  enough,
  groupName,
  howMany,
  interfaceGroup,
  listen,
  mac,
  name,
  namePattern,
  path,
  soleName,
  virtualFunction,
  whole,
} from './values.ts';

/*
 * The shape of the configuration file, written once: the reader checks a file against it, and the JSON Schema is generated
 * from it. Rules about what groups mean (counts, loops, names of groups) are the policy's, and `compile` judges them.
 */

/** {@link expression}, which holds itself. */
const anyExpression: Part = described(
  z.lazy(() => expression),
  { id: 'expression' },
);
const command = described(
  list(argument, 'a list, the program and its arguments each by itself (there is no shell)'),
  { description: 'the program and its arguments, each by itself: there is no shell' },
);
const expressions = lists(anyExpression, 'a list of interface names and expressions', 'expressions');
/** {@link member}, which holds itself. */
const anyMember: Part = described(
  z.lazy(() => member),
  { id: 'member' },
);
/** A list of which not all have to be active. */
const members = lists(anyMember, 'a list of interface names, expressions and patterns', 'members');
const weights = lists(
  mapping({ source: anyExpression, weight: judged(count) }),
  'a list of mappings with source and weight',
  'weights',
);
const PATTERN_PLACE =
  'a pattern stands for interfaces that come and go, so it can only be in an \'any\' or \'at-least\' list: write {any: [{match: "eth*"}]} or {at-least: 2, of: [{match: "eth*"}]}';
const operators = {
  all: mapping({ all: expressions }),
  any: mapping({ any: members }),
  not: mapping({ not: anyExpression }),
  'at-least': mapping({
    'at-least': judged(enough),
    below: z.optional(judged(enough)),
    of: members,
  }),
  weight: mapping({
    weight: mapping({ 'at-least': judged(count), below: z.optional(judged(count)), of: weights }),
  }),
  group: mapping({ group: text('the name of a group') }),
  check: mapping({ check: text('the name of a check') }),
  probe: mapping({ probe: text('the name of a probe') }),
};
const oneOperator = Object.keys(operators).join(', ');
const expressionForm = {
  noun: `an interface name or a mapping with one of ${oneOperator}`,
  missing: `must have one of ${oneOperator}`,
  ifList: `must be an interface name or a mapping with one of ${oneOperator}, not a list; write {all: […]} or {any: […]}`,
  elsewhere: { keys: PATTERN_KEYS, clause: PATTERN_PLACE },
  byKey: operators,
};
const expression: Part = described(oneOf({ ...expressionForm, text: name }), {
  description: `what has to hold: an interface, or one of ${oneOperator}`,
});

/** Interfaces that a list does not name. */
const patterns = {
  // First: with it, the others may stand beside.
  match: mapping({ match: namePattern, mac: z.optional(mac), driver: z.optional(driverPattern) }),
  mac: mapping({ mac, driver: z.optional(driverPattern) }),
  driver: mapping({ driver: driverPattern }),
};
const member: Part = described(orKeyed(anyExpression, patterns), {
  description: 'what has to hold, or the interfaces that match, now and later',
});

/** A `require` without `sources`. */
const requirement = oneOf({ ...expressionForm, text: soleName });

const destination = described(
  oneOf({
    noun: 'an interface name or a mapping with one of interface, file, vf, demote, exec',
    missing: 'must have one of interface, file, vf, demote, exec',
    text: name,
    byKey: {
      interface: mapping({ interface: name, action: z.optional(z.enum(ACTIONS)) }),
      // Before `file`, which it has too.
      value: mapping({ value: z.enum(['weight']), file: path }),
      file: mapping({
        file: path,
        up: text('the text that means up'),
        down: text('the text that means down'),
      }).check(({ value, issues }) => {
        if (value.up.trim() === value.down.trim()) {
          const message = "'up' and 'down' must differ by more than white space";
          issues.push({ code: 'custom', input: value, path: ['down'], message });
        }
      }),
      vf: mapping({ vf: virtualFunction }),
      demote: mapping({
        demote: interfaceGroup,
        // net/if.c of OpenBSD: the largest counter of a group.
        by: z.optional(whole(1, 255)),
      }),
      exec: mapping({
        exec: mapping({ up: command, down: command, read: z.optional(command) }),
        name: z.optional(text('a name')),
        timeout: z.optional(duration(1)),
      }),
    },
  }),
  { id: 'destination' },
);

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
);
const behaviour = {
  destinations: z.optional(
    described(
      orOne(
        destination as Part,
        lists(destination, 'a list of interface names and destinations', 'destinations'),
      ),
      { description: 'what to set; a group without it is a named result for {group: …}' },
    ),
  ),
  'down-delay': delay,
  'up-delay': delay,
  'start-delay': delay,
  'start-hold': delay,
  dampening: z.optional(z.nullable(described(dampening, { id: 'dampening' }))),
  enforce: described(z.optional(z.enum(ENFORCE)), { default: 'down' }),
  raise: described(z.optional(z.enum(RAISE)), { default: 'always' }),
  restore: described(z.optional(z.enum(RESTORE)), { default: 'auto' }),
  'on-exit': described(z.optional(z.enum(ON_EXIT)), { default: 'leave' }),
};
/** The keys of a group, in the order of the manual page. */
export const GROUP_KEYS: readonly string[] = ['sources', 'require', ...Object.keys(behaviour)];

const group = oneOf({
  noun: 'a mapping with sources or require, and destinations',
  missing: "must have 'sources' (a list of interfaces) or 'require' (an expression)",
  byKey: {
    sources: mapping({
      sources: described(orWord(name, lists(anyMember, 'a list of interface names', 'sources')), {
        description: 'short for require: {all: […]}; require may say how many of them',
      }),
      require: z.optional(howMany),
      ...behaviour,
    }),
    require: mapping({ require: requirement, ...behaviour }),
  },
});

const check = oneOf({
  noun: "a mapping with 'file' or 'exec'",
  missing: "must have either 'file' (a path) or 'exec' (a program and its arguments)",
  byKey: {
    file: mapping({ file: path, 'active-when': z.optional(z.enum(['present', 'missing'])) }),
    exec: mapping({
      exec: command,
      every: z.optional(duration(100)),
      timeout: z.optional(duration(1)),
      rise: z.optional(whole(1, 1000)),
      fall: z.optional(whole(1, 1000)),
    }),
  },
});

const hookEvent = z.enum(HOOK_EVENTS);
const hook = mapping({
  on: z.optional(orOne(hookEvent, list(hookEvent, `a list of ${HOOK_EVENTS.join(', ')}`))),
  exec: command,
  timeout: z.optional(duration(1)),
});

/** Keys that begin with `x-` are taken out of a file before. */
const file = mapping({
  groups: named(
    groupName,
    group,
    'a mapping with at least one group: its name, and below it sources and destinations',
    1,
  ),
  include: z.optional(
    list(
      described(text('a path'), { description: '* and ? may stand in its last part; relative to this file' }),
      'a list of files',
    ),
  ),
  checks: z.optional(named(checkName, check, 'a mapping with checks: a name, and below it file or exec')),
  probes: z.optional(
    named(checkName, probe, `a mapping with probes: a name, and below it one of ${oneProbe}`),
  ),
  hooks: z.optional(list(hook, 'a list of hooks')),
  log: z.optional(
    mapping(
      { format: z.exactOptional(z.enum(LOG_FORMATS)), target: z.exactOptional(z.enum(LOG_TARGETS)) },
      'a mapping such as {format: json} or {target: syslog}',
    ),
  ),
  metrics: z.optional(mapping({ listen }, 'a mapping such as {listen: 9817}')),
  $schema: z.optional(judged({ type: 'string' })),
});

/** The shape of a file. */
export const fileShape = described(file, {
  title: 'ifdepd.conf',
  patternProperties: { '^x-': { description: 'for anchors; nothing is read here' } },
});

/** A destination in a file. */
export type FileDestination = z.output<typeof destination>;

/** A probe in a file. */
export type FileProbe = z.output<typeof probe>;

/** A file that has that shape. */
export type ConfigFile = z.output<typeof fileShape>;
