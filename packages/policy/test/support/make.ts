import { compile, type Expression, type GroupConfig, type Health } from '../../src/index.ts';
import { type Driver, drive } from '../../src/testing/index.ts';

/** One group `g` over `em0`, with one destination `carp0`, and what the test is about. */
export function one(group: Partial<GroupConfig> = {}, now = 0): Driver {
  return drive(compile({ groups: { g: { require: 'em0', destinations: ['carp0'], ...group } } }), now);
}

/** What a requirement says of readings that arrive in one snapshot. */
export function judge(require: Expression, readings: Readonly<Record<string, Health>>): Health | undefined {
  const driver = drive(compile({ groups: { g: { require, destinations: ['out'] } } }));
  driver.snapshot(readings);
  return driver.status.groups[0]?.requirement;
}

/** What was written, as `12: carp0 down`. */
export function writes({ effects }: Driver): string[] {
  return effects.map(({ at, destination, to }) => `${at}: ${destination} ${to}`);
}

/** Which phases were entered, as `12: g down`. */
export function phases({ transitions }: Driver): string[] {
  return transitions.map(({ at, group, to }) => `${at}: ${group} ${to}`);
}
