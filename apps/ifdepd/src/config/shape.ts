import * as z from 'zod/mini';
import { durationOf } from './duration.ts';
import { parsePrefix } from './ip-prefix.ts';
import { described, judged, list, lists, mapping, named, oneOf, orOne, type Part, text } from './parts.ts';
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
  duration,
  enough,
  groupName,
  hostAndPort,
  howMany,
  interfaceGroup,
  listen,
  name,
  path,
  routeTo,
  share,
  soleName,
  speed,
  systemdUnit,
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
  group: mapping({ group: text('the name of a group') }),
  check: mapping({ check: text('the name of a check') }),
  probe: mapping({ probe: text('the name of a probe') }),
};
const oneOperator = Object.keys(operators).join(', ');
const expressionForm = {
  noun: `an interface name or a mapping with one of ${oneOperator}`,
  missing: `must have one of ${oneOperator}`,
  ifList: `must be an interface name or a mapping with one of ${oneOperator}, not a list; write {all: […]} or {any: […]}`,
  byKey: operators,
};
const expression: Part = described(oneOf({ ...expressionForm, text: name }), {
  description: `what has to hold: an interface, or one of ${oneOperator}`,
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
      sources: described(lists(anyExpression, 'a list of interface names', 'sources'), {
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

const probing = {
  interface: z.optional(name),
  source: z.optional(text('an address of this machine')),
  mark: z.optional(whole(1, 0xffff_ffff)),
  every: z.optional(duration(100)),
  timeout: z.optional(duration(10)),
  rise: z.optional(whole(1, 1000)),
  fall: z.optional(whole(1, 1000)),
  window: z.optional(whole(1, 1000)),
  loss: z.optional(share),
  latency: z.optional(duration(1)),
};
const family = z.optional(z.enum(['ipv4', 'ipv6']));
const route = mapping({ route: routeTo, family, interface: z.optional(name) }).check(({ value, issues }) => {
  const net = parsePrefix(value.route);
  if (net !== null && value.family !== undefined && value.family !== net.family) {
    const message = `${value.route} is ${net.family}; leave the family out`;
    issues.push({ code: 'custom', input: value, path: ['family'], message });
  }
});
const every = z.optional(duration(100));
const errors = mapping({ errors: name, 'at-most': whole(0, 0x7fff_ffff), per: duration(1000), every }).check(
  ({ value, issues }) => {
    if ((durationOf(value.every) ?? 0) > (durationOf(value.per) ?? 0)) {
      issues.push({
        code: 'custom',
        input: value,
        path: ['every'],
        message: "must not be longer than 'per'",
      });
    }
  },
);
const vrid = whole(1, 255);
const advertising = { interface: name, every: z.optional(duration(10)) };
const probes = {
  ping: mapping({ ping: text('an address, or the name of a host'), ...probing }),
  arp: mapping({ arp: text('an address'), ...probing, interface: name }),
  tcp: mapping({ tcp: hostAndPort, ...probing }),
  http: mapping({ http: text('a URL'), expect: z.optional(whole(100, 599)), ...probing }),
  dns: mapping({ dns: text('a name'), server: text('the address of a server'), ...probing }),
  route,
  address: mapping({ address: name, family }),
  speed: mapping({ speed: name, 'at-least': speed, every }),
  bond: mapping({ bond: name, 'at-least': whole(1, 1000), every }),
  // A peer renews a handshake after 120 s (REKEY_AFTER_TIME).
  wireguard: mapping({ wireguard: name, 'handshake-within': duration(121_000), every }),
  errors,
  unit: mapping({ unit: systemdUnit }),
  vrrp: mapping({ vrrp: vrid, ...advertising }),
  peer: mapping({ peer: vrid, ...advertising }),
};
const oneProbe = Object.keys(probes).join(', ');
const probe = oneOf({
  noun: `a mapping with one of ${oneProbe}`,
  missing: `must have one of ${oneProbe}`,
  byKey: probes,
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
