import { ip, rename } from '@ifdepd/netlab';
import { test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

test('a source that is renamed away is missing; renamed back, it is active', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  rename('em0', 'other0');
  await lab.allAre('down', ['carp0']);
  // Linux before 6.2 renames it only while it is down.
  await running.line(/em0: (?:active|failed \(admin down\)) -> failed \(missing\)$/);
  rename('other0', 'em0');
  await lab.allAre('up', ['carp0']);
  await running.line(/em0: failed -> active$/);
});

test('an alternative name of a source and of a destination is as good as its name', async () => {
  using lab = host('em0', 'carp0');
  ip('link', 'property', 'add', 'dev', 'em0', 'altname', 'uplink');
  ip('link', 'property', 'add', 'dev', 'carp0', 'altname', 'vip');
  await using running = await daemon(['-S', 'uplink', '-D', 'vip']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);
  // The name is another one, the alternative name stays: nothing has failed.
  rename('em0', 'other0');
  ip('link', 'property', 'del', 'dev', 'other0', 'altname', 'uplink');
  await lab.allAre('down', ['carp0']);
  await running.line(/uplink: active -> failed \(missing\)$/);
  ip('link', 'property', 'add', 'dev', 'other0', 'altname', 'uplink');
  await lab.allAre('up', ['carp0']);
});
