import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { SEALED } from '../../src/system/inspector.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const text = (name: string): string => readFileSync(path(name), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const unit = path('service/systemd/ifdepd.service');

test('systemd understands every line of the unit', ({ skip }) => {
  skip(!hasSystemd, 'systemd-analyze is not installed');
  const { stdout, stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
    encoding: 'utf8',
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
});

test('the sandbox of the unit leaves little exposed', ({ skip }) => {
  skip(!hasSystemd, 'systemd-analyze is not installed');
  const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', unit], {
    encoding: 'utf8',
  });
  const exposure = Number(/exposure level for ifdepd\.service: (\d+\.\d+)/.exec(stdout)?.[1]);
  expect(exposure).toBeLessThanOrEqual(1.5);
});

test.for(['jitless', 'network', 'ping', 'probes', 'track-files', 'units'])(
  'systemd understands the drop-in %s',
  (name, { skip }) => {
    skip(!hasSystemd, 'systemd-analyze is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-unit-'));
    try {
      cpSync(unit, join(folder, 'ifdepd.service'));
      cpSync(path(`service/systemd/drop-ins/${name}.conf`), join(folder, `ifdepd.service.d/${name}.conf`));
      const words = ['verify', '--man=no', join(folder, 'ifdepd.service')];
      const { stdout, stderr, status } = spawnSync('systemd-analyze', words, { encoding: 'utf8' });
      expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test('the unit and the drop-in that replaces its options keep the inspector closed', () => {
  expect(text('service/systemd/ifdepd.service')).toContain(`\nEnvironment=NODE_OPTIONS=${SEALED}\n`);
  expect(text('service/systemd/drop-ins/jitless.conf')).toContain(`"NODE_OPTIONS=--jitless ${SEALED}"`);
});

test('the example is a good configuration', () => {
  expect(Object.keys(parseSettings(text('examples/ifdepd.conf'), 'ifdepd.conf').policy.groups)).toEqual([
    'gateway',
    'uplinks',
  ]);
});

test('the configurations in the manual page are good ones', () => {
  const page = text('man/ifdepd.conf.5');
  const examples = [...page.matchAll(/\.Bd -literal\n([\s\S]*?)\n\.Ed/g)].map(([, text]) => text ?? '');
  const groups = examples.map((text) => Object.keys(parseSettings(text, 'ifdepd.conf.5').policy.groups));
  expect(groups).toEqual([
    ['gateway', 'uplinks'],
    ['uplink', 'storage'],
  ]);
});
