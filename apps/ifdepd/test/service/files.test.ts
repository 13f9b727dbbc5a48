import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';

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
