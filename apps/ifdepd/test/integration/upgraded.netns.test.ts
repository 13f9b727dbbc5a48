import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, home, program, runToEnd } from '../support/program.ts';

/** A copy of the program whose files can be taken away. */
function copyOfProgram(): Disposable & { readonly program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-copy-'));
  const [files, package_] = [join(folder, 'dist'), dirname(dirname(program))];
  cpSync(dirname(program), files, { recursive: true });
  cpSync(join(package_, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(dirname(dirname(package_)), 'node_modules'), join(folder, 'node_modules'));
  return {
    program: join(files, 'main.cjs'),
    remove() {
      for (const name of readdirSync(files)) {
        rmSync(join(files, name), { recursive: true });
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test('a daemon whose files an upgrade has taken away goes on: asked, it hangs up, and says why, once', async () => {
  using lab = host('em0', 'carp0');
  using copy = copyOfProgram();
  await using running = await daemon(['-S', 'em0', '-D', 'carp0'], { program: copy.program });
  copy.remove();
  for (let times = 0; times < 2; times += 1) {
    expect(await runToEnd(['status'])).toMatchObject({ code: 69 });
  }
  await running.line(/control socket disabled/);
  for (const to of ['down', 'up'] as const) {
    lab.netif.setAdmin(lab.cables.em0.far, to);
    await lab.allAre(to, ['carp0']);
  }
  expect(
    running.lines.filter((line) =>
      line.includes('control socket disabled: ifdepd was upgraded or removed on disk'),
    ),
  ).toHaveLength(1);
});

test('a reload that adds hooks or checks, whose files are gone, changes nothing', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  for (const more of ['hooks: [{exec: [/bin/true]}]', 'checks: {c: {exec: [/bin/true], every: 1s}}']) {
    using copy = copyOfProgram();
    using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}\n');
    await using running = await daemon(['-f', file.path], { program: copy.program });
    running.signal('SIGHUP');
    await running.line(/reloaded: 1 group/);
    copy.remove();
    file.write(`groups: {h: {sources: [em0], destinations: [carp0, carp1]}}\n${more}\n`);
    running.signal('SIGHUP');
    await running.line(/not reloaded, going on as before: ifdepd was upgraded/);
    expect(readdirSync(join(home, 'locks')).filter((name) => name.endsWith('-carp1'))).toEqual([]);
    lab.cables.em0.cut();
    await running.line(/carp0: set down \(g: em0 failed\)/);
    lab.cables.em0.repair();
    await running.line(/carp0: set up \(g: em0 active\)/);
  }
});
