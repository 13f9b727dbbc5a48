import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { runToEnd } from '../support/program.ts';

/** What costs milliseconds to load and is needed after the first decision only, if ever. */
const LATER = ['child_process', 'dgram', 'http', 'net', 'perf_hooks', 'readline', 'tty', 'v8'];

test('none of what is slow to load is loaded before the first decision is applied', async () => {
  using lab = host('em0', 'carp0');
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-start-'));
  try {
    const [probe, list] = [join(folder, 'probe.cjs'), join(folder, 'list')];
    writeFileSync(
      probe,
      `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n')));`,
    );
    lab.cables.em0.cut();
    const env = { NODE_OPTIONS: `--require=${probe}` };
    const ended = await runToEnd(['--once', '-S', 'em0', '-D', 'carp0'], { env });
    expect(ended).toMatchObject({ code: 0 });
    await lab.allAre('down', ['carp0']);
    const loaded = readFileSync(list, 'utf8').split('\n');
    // That it can be seen at all.
    expect(loaded).toContain('NativeModule fs');
    expect(LATER.filter((name) => loaded.includes(`NativeModule ${name}`))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
