import { compile, type Expression, type GroupConfig, type Health } from '../../src/index.ts';
import { type Driver, drive } from '../../src/testing/index.ts';

/** A driver of one group `g` over `em0` with the destination `carp0`, and these knobs. */
export function one(group: Partial<GroupConfig> = {}, now = 0): Driver {
  return drive(compile({ groups: { g: { require: 'em0', destinations: ['carp0'], ...group } } }), now);
}

/** The health of a requirement after one snapshot. */
export function judge(require: Expression, readings: Readonly<Record<string, Health>>): Health | undefined {
  const driver = drive(compile({ groups: { g: { require, destinations: ['out'] } } }));
  driver.snapshot(readings);
  return driver.status.groups[0]?.requirement;
}

/** The effects so far, as `12: carp0 down`. */
export function writes({ effects }: Driver): string[] {
  return effects.map(({ at, destination, to }) => `${at}: ${destination} ${to}`);
}

/** The transitions so far, as `12: g down`. */
export function phases({ transitions }: Driver): string[] {
  return transitions.map(({ at, group, to }) => `${at}: ${group} ${to}`);
}

/** A group that has been down with its destination for more than a minute. */
export function held(enforce: 'down' | 'always' | 'never' = 'down'): ReturnType<typeof one> {
  const driver = one({ enforce });
  driver.snapshot({ em0: 'failed' });
  driver.wait(100_000);
  return driver;
}
