import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

/** What the manual page says of the JSON of a command: its words. */
function documented(command: string): readonly string[] {
  const page = readFileSync(new URL('../../man/ifdepd.8', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('.Ss JSON'), page.indexOf('.Ss Signals'));
  const [, text = ''] = section.split(`.It Cm ${command}\n`);
  return text.split('.It Cm')[0]?.match(/[A-Za-z0-9]+/g) ?? [];
}

function keysIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(keysIn);
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)])
    : [];
}

describe('the manual page names every key of the JSON of', () => {
  test.each(['status', 'explain', 'interfaces', 'check', 'plan', 'graph', 'events'])(
    '%s',
    async (command) => {
      using lab = host('em0', 'carp0', 'carp1');
      // The hook is for a finding of check and plan.
      using file = configFile(
        'groups: {g: {sources: [em0], destinations: [carp0, carp1]}}\nhooks: [{exec: [/no/such/program]}]\n',
      );
      const socket = join(file.folder, 's');
      await using running = await daemon(['-s', socket, '-f', file.path]);
      lab.cables.em0.cut();
      await lab.allAre('down', ['carp0', 'carp1']);
      await running.line(/carp0 carp1: set down/);
      const more = command === 'interfaces' ? [] : ['-s', socket];
      const { code, stdout } = await runToEnd([command, '--json', ...more]);
      expect(code).toBe(0);
      const values: unknown[] = stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
      // What the journal adds for itself to the lines of a log.
      const ownKeys = ['boot', 'ledger', 'version', 'port', 'subject'];
      const keys = new Set(keysIn(values).filter((key) => command !== 'events' || !ownKeys.includes(key)));
      expect(keys.size).toBeGreaterThan(5);
      const known = documented(command);
      expect([...keys].filter((key) => !known.includes(key))).toEqual([]);
    },
  );
});
