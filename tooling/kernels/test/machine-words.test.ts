import { expect, test } from 'vitest';
import type { Kernel } from '../src/fetch/kernel.ts';
import { machineWords } from '../src/machine/machine-words.ts';

/** The command line of the kernel in a guest. */
function bootWords(architecture: Kernel['architecture']): readonly string[] {
  const kernel = {
    id: '6.1',
    architecture,
    release: '6.1.0',
    version: '6.1.1',
    image: '/kernel',
    modules: '/modules',
  };
  const { words } = machineWords(kernel, 'tcg', '/guest');
  return (words[words.indexOf('-append') + 1] ?? '').split(' ');
}

test('an x64 guest boots without the check of its timer, which panics on a busy host; an arm64 guest has none', () => {
  expect(bootWords('amd64')).toContain('no_timer_check');
  expect(bootWords('arm64')).not.toContain('no_timer_check');
});
