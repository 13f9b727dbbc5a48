import { cable, ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

const CONFIG = `groups:
  uplinks:
    require: {at-least: 1, of: [{match: "eth?"}, {mac: 02-00-00-00-00-99}]}
    destinations: [carp0, eth9]
`;
const BOTH = ['carp0', 'eth9'];

test('interfaces that match are sources while they are there, and the reason names the pattern when none does', async () => {
  using lab = host('eth0', 'carp0', 'eth9');
  using file = configFile(CONFIG);
  const check = await runToEnd(['check', '-f', file.path]);
  expect(check.stderr + check.stdout).toContain('eth9 (it is a destination of this configuration)');

  await using running = await daemon(['-v', '-f', file.path]);
  await running.line(/eth0 matches eth\?: now a source of uplinks$/);
  const eth1 = cable('eth1');
  await running.line(/eth1 matches eth\?: now a source of uplinks$/);
  lab.cables.eth0.cut();
  await running.line(/eth0: active -> failed/);
  expect(BOTH.every(lab.isUp)).toBe(true);
  eth1.cut();
  await lab.allAre('down', BOTH);
  eth1.repair();
  await lab.allAre('up', BOTH);

  ip('link', 'set', 'eth1', 'down');
  ip('link', 'set', 'eth1', 'name', 'lan1');
  await lab.allAre('down', BOTH);
  await running.line(/eth1 no longer matches eth\?: no longer a source of uplinks$/);
  ip('link', 'set', 'lan1', 'address', '02:00:00:00:00:99');
  ip('link', 'set', 'lan1', 'up');
  await running.line(/lan1 matches mac 02:00:00:00:00:99: now a source of uplinks$/);
  await lab.allAre('up', BOTH);

  ip('link', 'del', 'lan1');
  ip('link', 'del', 'eth0');
  await lab.allAre('down', BOTH);
  await running.line(/match:eth\?: failed \(no interface matches eth\?\)$/);
  expect((await runToEnd(['status'])).stdout).toContain('no interface matches eth?');
  cable('eth2');
  await lab.allAre('up', BOTH);
});
