import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

test.each(['SIGTERM', 'SIGINT'] as const)('%s: exit 0, destinations as they are', async (signal) => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  running.signal(signal);
  const ended = await running.ended;
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.stderr).toMatch(new RegExp(`stopped by ${signal}; carp0: left as it is\\n$`));
  expect(lab.isUp('carp0')).toBe(false);
});

test('SIGUSR2 asks for nothing, and ends nothing', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  running.signal('SIGUSR2');
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/carp0: set down/);
});

test('SIGHUP reads every interface again and goes on', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  running.signal('SIGHUP');
  await running.line(/: interfaces read again \(requested\)$/);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/carp0: set down/);
  expect(running.lines.filter((line) => /carp0: set/.test(line))).toHaveLength(1);
});
