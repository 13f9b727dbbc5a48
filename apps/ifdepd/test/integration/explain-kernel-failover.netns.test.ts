import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { explained } from '../support/explained.ts';
import { host } from '../support/host.ts';
import { hasRing } from '../support/kernel-failover.ts';
import { daemon, home, runToEnd } from '../support/program.ts';

beforeEach(({ skip }) => skip(!hasRing(), 'no io_uring here'));

test('explain names the sources that kernel failover is armed for, or says why it is not', async () => {
  using net = host('em0', 'carp0');
  const socket = join(home, 'explained');
  await using running = await daemon(['-s', socket, '-S', 'em0', '-D', 'carp0']);
  await explained(socket, 'armed for the loss of em0');
  net.cables.em0.cut();
  await running.line(/carp0: set down/);
  await explained(socket, 'armed for the repair of em0');
  const { stdout } = await runToEnd(['explain', '--json', '-s', socket, 'cli']);
  expect(JSON.parse(stdout)).toMatchObject({
    groups: [{ kernelFailover: { armed: ['em0'], upon: 'repair', reason: null } }],
  });
});
