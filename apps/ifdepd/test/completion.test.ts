import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { SHELLS } from '../src/cli/arguments/command-table.ts';
import { completionScript } from '../src/cli/commands/completion.ts';
import { configFile } from './support/config-file.ts';

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash (or zsh in its manner) offers after these words; the last one is being written. */
function offers(shell: 'bash' | 'zsh', words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script =
    shell === 'bash'
      ? `${completionScript('bash')}\nCOMP_WORDBREAKS=' '\nCOMP_WORDS=(${quoted})\nCOMP_CWORD=${words.length - 1}\n_ifdepd\nprintf '%s\\n' "\${COMPREPLY[@]}"`
      : `autoload -U +X compinit && compinit -u -D; compdef() { :; }\n${completionScript('zsh')}\nsetopt ksharrays\nCOMP_WORDBREAKS=' '\nCOMP_WORDS=(${quoted})\nCOMP_CWORD=${words.length - 1}\n_ifdepd\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync(
    shell,
    shell === 'bash' ? ['--norc', '-c', script] : ['-f', '-c', script],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

const cases: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [['ifdepd', 'st'], ['status']],
  [['ifdepd', 'status', '--js'], ['--json']],
  [['ifdepd', 'graph', '--format', 'm'], ['mermaid']],
  [['ifdepd', '-S', 'lo', '--on-ex'], ['--on-exit']],
  [['ifdepd', '--on-exit', 'r'], ['restore']],
  [['ifdepd', '-S', 'l'], ['lo']],
  [['ifdepd', 'completion', 'f'], ['fish']],
];

describe.each(['bash', 'zsh'] as const)('%s', (shell) => {
  test.for(cases)('%j', ([words, offered], { skip }) => {
    skip(!has(shell), `${shell} is not installed`);
    expect(offers(shell, words)).toEqual(expect.arrayContaining([...offered]));
  });
});

describe('fish', () => {
  test.for(cases)('%j', ([words, offered], { skip }) => {
    skip(!has('fish'), 'fish is not installed');
    const script = `${completionScript('fish')}\ncomplete -C '${words.join(' ')}'`;
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(
      expect.arrayContaining([...offered]),
    );
  });
});

test.for(SHELLS)('%s finds nothing wrong with its script', (shell, { skip }) => {
  skip(!has(shell), `${shell} is not installed`);
  using file = configFile(completionScript(shell));
  expect(spawnSync(shell, ['-n', file.path], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});
