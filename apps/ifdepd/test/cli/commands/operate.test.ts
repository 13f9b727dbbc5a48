import { expect, test } from 'vitest';
import { downCommand, pauseCommand } from '../../../src/cli/commands/operate.ts';
import { UsageError } from '../../../src/system/errors.ts';

const TIMES = ['0', '0s', '0.1ms', '-1', '1e9h', '25d', 'ever', ''];

test.each([
  ['down', downCommand, 'up'],
  ['pause', pauseCommand, 'resume'],
] as const)(
  '%s for no time, and for one that no timer can be set for, is refused before a daemon is asked, and names the way out',
  async (command, run, opposite) => {
    for (const time of TIMES) {
      const words = { values: { for: time, socket: '/nowhere' }, positionals: ['g'] };
      const refused = await run(words).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(UsageError);
      expect(String(refused)).toMatch(/: must be above 0: a duration such as 250ms/);
      expect(String(refused)).toMatch(
        new RegExp(`; without it, '${command}' lasts until ifdepd ${opposite} g$`),
      );
    }
  },
);
