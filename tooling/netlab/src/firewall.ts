import { spawnSync } from 'node:child_process';

/** Why packets cannot be filtered here; null where they can. It tries in a network namespace of its own. */
export function firewallFault(): string | null {
  const rules =
    'table inet probe { chain out { type filter hook output priority 0; numgen random mod 100 < 1 drop; }; }';
  const { error, status, stderr } = spawnSync('unshare', ['--net', 'nft', '-f', '-'], {
    input: rules,
    encoding: 'utf8',
  });
  if (error !== undefined) {
    return `nft cannot be tried: ${error.message}`;
  }
  return status === 0 ? null : `nft cannot filter here: ${stderr.trim()}`;
}

/** The words of nft for a filter that packets pass at this hook. It replaces what was there. */
export function filter(hook: 'input' | 'output' | 'forward', rule: string): string {
  const chain = `chain filtered { type filter hook ${hook} priority 0; ${rule}; }`;
  return `table inet ifdepd\ndelete table inet ifdepd\ntable inet ifdepd { ${chain}; }\n`;
}
