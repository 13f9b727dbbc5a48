import type { ParseArgsConfig } from 'node:util';

/** Options as node:util's parseArgs describes them. */
export type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** Every command knows these. */
export const commonOptions = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const satisfies OptionTable;

/** The options of the daemon. */
export const daemonOptions = {
  source: { type: 'string', short: 'S', multiple: true },
  destination: { type: 'string', short: 'D', multiple: true },
  config: { type: 'string', short: 'f' },
  verbose: { type: 'boolean', short: 'v' },
  quiet: { type: 'boolean', short: 'q' },
  daemon: { type: 'boolean', short: 'd' },
  check: { type: 'boolean', short: 'n' },
  pidfile: { type: 'string', short: 'p' },
  require: { type: 'string' },
  'up-delay': { type: 'string' },
  'down-delay': { type: 'string' },
  'start-delay': { type: 'string' },
  'start-hold': { type: 'string' },
  enforce: { type: 'string' },
  raise: { type: 'string' },
  'on-exit': { type: 'string' },
  action: { type: 'string' },
  'early-loss': { type: 'string' },
  'kernel-failover': { type: 'string' },
  socket: { type: 'string', short: 's' },
  'no-socket': { type: 'boolean' },
  metrics: { type: 'string' },
  force: { type: 'boolean' },
  wait: { type: 'boolean' },
  once: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'log-format': { type: 'string' },
  'log-target': { type: 'string' },
  netns: { type: 'string' },
  ...commonOptions,
} as const satisfies OptionTable;

/** Those that describe the one group of -S and -D. */
export const groupOptions = [
  'source',
  'destination',
  'require',
  'up-delay',
  'down-delay',
  'start-delay',
  'start-hold',
  'enforce',
  'raise',
  'on-exit',
  'action',
] as const;
