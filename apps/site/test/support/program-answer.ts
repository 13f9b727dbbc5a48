import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Incident } from '../../playground/outcome.ts';
import type { Answer } from './daemon-answer.ts';

const program = fileURLToPath(new URL('../../../ifdepd/dist/main.cjs', import.meta.url));

/** What the built program prints about an incident. */
export function programAnswer({ configuration, timeline }: Incident): Answer {
  const folder = mkdtempSync(join(tmpdir(), 'playground-'));
  try {
    writeFileSync(join(folder, 'ifdepd.conf'), configuration);
    writeFileSync(join(folder, 'timeline'), timeline === '' ? '0 end' : timeline);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [program, 'simulate', '-f', 'ifdepd.conf', 'timeline'],
      { cwd: folder, encoding: 'utf8' },
    );
    if (status === 0) {
      const lines = stdout.trimEnd().split('\n');
      return { errors: [], transitions: lines.includes('') ? lines.slice(lines.indexOf('') + 1) : [] };
    }
    const errors = stderr
      .trimEnd()
      .replaceAll(`${folder}/`, '')
      .replace(/^ifdepd: /gm, '')
      .split('\n');
    return { errors, transitions: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
