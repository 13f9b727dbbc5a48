import type { Expression, GroupConfig, PolicyConfig } from '@ifdepd/policy';

/** Interfaces that groups depend on. */
export const SOURCES = ['em0', 'em1', 'em2', 'em3'] as const;

/** Ends of cables that groups set. */
export const DESTINATIONS = ['carp0', 'carp1', 'carp2', 'carp3'] as const;

/** A macvlan that cannot be set up while {@link RIVAL}, with the same address on the same parent, is up. */
export const REFUSING = 'mv0';
export const RIVAL = 'mv1';
export const PARENT = 'base0';

/** macvlans: the kernel takes milliseconds to set each, as it waits for a grace period of RCU. */
export const SLOW: readonly string[] = Array.from({ length: 24 }, (_, at) => `slow${at}`);

export const ALL_DESTINATIONS: readonly string[] = [...DESTINATIONS, REFUSING, ...SLOW];

/** The configurations of the daemon: it starts with the first, and a reload goes from one to another. */
export const RULES: readonly PolicyConfig[] = [
  {
    groups: {
      gateway: { require: { all: ['em0', 'em1'] }, destinations: ['carp0', 'carp1'] },
      uplinks: { require: { any: ['em2', 'em3'] }, destinations: ['carp2'], enforce: 'always' },
      inside: { require: { all: ['em3'] }, destinations: ['carp1', 'mv0', 'carp3'], enforce: 'always' },
    },
  },
  {
    groups: {
      gateway: { require: { all: ['em0', 'em1'] }, destinations: ['carp0'] },
      uplinks: { require: { atLeast: 2, of: ['em1', 'em2', 'em3'] }, destinations: ['carp2', 'carp1'] },
      inside: { require: { all: ['em3'] }, destinations: ['mv0', 'carp3'], enforce: 'always' },
    },
  },
  {
    groups: {
      gateway: { require: { all: ['em0', 'em1'] }, destinations: ['carp0', 'carp1'], downDelayMs: 30 },
      uplinks: {
        require: { any: ['em2', 'em3'] },
        destinations: ['carp2'],
        enforce: 'always',
        upDelayMs: 50,
      },
      inside: { require: { all: ['em3', { group: 'uplinks' }] }, destinations: ['mv0', 'carp3'] },
    },
  },
];

/** The first configuration, with slow destinations in a group of their own. */
export const SLOW_RULES: PolicyConfig = {
  groups: { ...RULES[0]?.groups, slow: { require: { any: ['em1', 'em2'] }, destinations: SLOW } },
};

/** The same as the text of a configuration file. */
export function configText({ groups }: PolicyConfig): string {
  return `${JSON.stringify({ groups: Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, groupOf(group)])) }, null, 1)}\n`;
}

function groupOf({ require, destinations, enforce, downDelayMs, upDelayMs }: GroupConfig): object {
  return {
    require: expressionOf(require),
    destinations,
    ...(enforce === undefined ? {} : { enforce }),
    ...(downDelayMs === undefined ? {} : { 'down-delay': `${downDelayMs}ms` }),
    ...(upDelayMs === undefined ? {} : { 'up-delay': `${upDelayMs}ms` }),
  };
}

function expressionOf(expression: Expression): unknown {
  return typeof expression === 'object' && 'atLeast' in expression
    ? { 'at-least': expression.atLeast, of: expression.of }
    : expression;
}
