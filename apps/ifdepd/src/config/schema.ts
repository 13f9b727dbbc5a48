import type { GROUP_KEYS } from './read-group.ts';

const vhid = '([1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])@';
const name = {
  type: 'string',
  pattern: `^(?!(${vhid})?\\.{1,2}$)(?!${vhid}.{16})[^\\s/:*?\\[\\p{Cc}]{1,127}$`,
  description:
    'an interface, of 1 to 15 bytes; Linux: or an alternative name, up to 127; FreeBSD: or a vhid of carp(4) with its parent, 1@em0',
};
const percentage = { type: 'string', pattern: '^(?!0+(\\.0+)?%$)0*(100(\\.0+)?|\\d{1,2}(\\.\\d+)?)%$' };
const count = { type: 'integer', minimum: 1 };
const duration = {
  anyOf: [
    { type: 'string', pattern: '^(\\d+(\\.\\d+)?|(\\d+(\\.\\d+)?(ms|s|m|h|d))+)$' },
    { type: 'number', minimum: 0 },
  ],
  description: '250ms, 3s, 2m, 1h30m; a plain number is seconds',
};
const command = {
  type: 'array',
  minItems: 1,
  items: { type: ['string', 'number'] },
  description: 'the program and its arguments, each by itself: there is no shell',
};

const address = {
  anyOf: [
    { type: 'string', pattern: '^((\\[[0-9a-fA-F:.]+\\]|[\\w.-]*):)?\\d{1,5}$' },
    { type: 'integer', minimum: 0, maximum: 65_535 },
  ],
  description: 'ADDRESS:PORT, or a port of loopback',
};

function object(
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[],
  more = {},
): object {
  return { type: 'object', properties, required, additionalProperties: false, ...more };
}

const expression = { $ref: '#/$defs/expression' };
const expressions = { $ref: '#/$defs/expressions' };
/** A list that may hold lists: how several anchors are written in one. */
const list = (items: object, self: string) => ({
  type: 'array',
  minItems: 1,
  items: { anyOf: [items, { $ref: `#/$defs/${self}` }] },
});
const howMany = {
  anyOf: [{ enum: ['all', 'any'] }, count, percentage, { type: 'string', pattern: '^0*[1-9]\\d*$' }],
};

const definitions = {
  expressions: list(expression, 'expressions'),
  destinations: list({ $ref: '#/$defs/destination' }, 'destinations'),
  weights: list(object({ source: expression, weight: count }, ['source', 'weight']), 'weights'),
  expression: {
    description: 'what has to hold: an interface, or one of all, any, at-least, weight, not, group, check',
    oneOf: [
      name,
      object({ all: expressions }, ['all']),
      object({ any: expressions }, ['any']),
      object({ not: expression }, ['not']),
      object(
        {
          'at-least': { anyOf: [count, percentage] },
          below: { anyOf: [count, percentage] },
          of: expressions,
        },
        ['at-least', 'of'],
      ),
      object(
        {
          weight: object(
            {
              'at-least': count,
              below: count,
              of: { $ref: '#/$defs/weights' },
            },
            ['at-least', 'of'],
          ),
        },
        ['weight'],
      ),
      object({ group: { type: 'string' } }, ['group']),
      object({ check: { type: 'string' } }, ['check']),
    ],
  },
  destination: {
    oneOf: [
      name,
      object({ interface: name, action: { enum: ['admin', 'protodown'] } }, ['interface']),
      object({ file: { type: 'string', pattern: '^/' }, up: { type: 'string' }, down: { type: 'string' } }, [
        'file',
        'up',
        'down',
      ]),
      object(
        {
          demote: {
            type: 'string',
            pattern: '^[^\\s/:]{0,14}[^\\s/:\\d]$',
            description: 'the demotion counter of carp(4): OpenBSD, of this interface group; FreeBSD: carp',
          },
          by: { type: 'integer', minimum: 1, maximum: 255 },
        },
        ['demote'],
      ),
    ],
  },
  group: object(
    {
      sources: {
        ...expressions,
        description: 'short for require: {all: […]}; require may say how many of them',
      },
      require: { description: 'an expression, or beside sources how many of them' },
      destinations: { $ref: '#/$defs/destinations' },
      'down-delay': duration,
      'up-delay': duration,
      'start-delay': duration,
      'start-hold': duration,
      dampening: {
        type: ['object', 'null'],
        properties: {
          'half-life': duration,
          suppress: { type: 'number', minimum: 1 },
          reuse: { type: 'number', minimum: 1 },
          'max-suppress': duration,
          penalty: { type: 'number', minimum: 1 },
        },
        additionalProperties: false,
      },
      enforce: { enum: ['down', 'always', 'never'], default: 'down' },
      raise: { enum: ['always', 'owned'], default: 'always' },
      'on-exit': { enum: ['leave', 'restore', 'up', 'down'], default: 'leave' },
    } satisfies Readonly<Record<(typeof GROUP_KEYS)[number], unknown>>,
    ['destinations'],
    {
      oneOf: [
        { required: ['sources'], properties: { require: howMany } },
        {
          required: ['require'],
          not: { required: ['sources'] },
          properties: { require: { ...expression, not: howMany } },
        },
      ],
    },
  ),
  check: {
    oneOf: [
      object({ file: { type: 'string', pattern: '^/' }, 'active-when': { enum: ['present', 'missing'] } }, [
        'file',
      ]),
      object({ exec: command, every: duration, timeout: duration, rise: count, fall: count }, ['exec']),
    ],
  },
};

/** The JSON Schema (2020-12) of the configuration: what `ifdepd schema` prints and ifdepd.schema.json holds. */
export const configSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'ifdepd.conf',
  ...object(
    {
      $schema: { type: 'string' },
      groups: {
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: '^[^\\s/:]{1,63}$' },
        additionalProperties: { $ref: '#/$defs/group' },
      },
      checks: { type: 'object', additionalProperties: { $ref: '#/$defs/check' } },
      hooks: {
        type: 'array',
        minItems: 1,
        items: object(
          {
            on: { type: 'array', minItems: 1, items: { enum: ['up', 'down', 'any'] } },
            exec: command,
            timeout: duration,
          },
          ['exec'],
        ),
      },
      log: object(
        { format: { enum: ['text', 'json'] }, target: { enum: ['auto', 'stderr', 'syslog', 'journal'] } },
        [],
      ),
      metrics: object({ listen: address }, ['listen']),
    },
    ['groups'],
    { patternProperties: { '^x-': { description: 'for anchors; nothing is read here' } } },
  ),
  $defs: definitions,
};
