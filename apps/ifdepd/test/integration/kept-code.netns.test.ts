import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { nodeLines, nodePath } from '@ifdepd/node-lines';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

const words = ['-S', 'em0', '-D', 'carp0'];

test.for(nodeLines)(
  'the next start uses the code that this one compiled, and keeps it: Node %i',
  async (line, { skip }) => {
    const node = nodePath(line);
    skip(node === null, `Node ${line} is not installed here (npm test fetches it on x64 Linux)`);
    using lab = host('em0', 'carp0');
    using place = configFile('');
    const kept = join(place.folder, 'cache/core.code');
    const options = {
      env: { CACHE_DIRECTORY: join(place.folder, 'cache') },
      ...(node === null ? {} : { node }),
    };
    {
      await using _first = await daemon(words, options);
      await until('code is kept', () => existsSync(kept));
    }
    // What was not used would be written anew.
    const { ino, size } = statSync(kept);
    lab.cables.em0.cut();
    expect(await runToEnd([...words, '--once', '-q'], options)).toMatchObject({ code: 0, stderr: '' });
    expect(lab.isUp('carp0')).toBe(false);
    expect(statSync(kept)).toMatchObject({ ino, size });
  },
);

test('code that ends the process is not there for the next start', async () => {
  using lab = host('em0', 'carp0');
  using place = configFile('');
  const kept = join(place.folder, 'core.code');
  const options = { env: { CACHE_DIRECTORY: place.folder } };
  const once = () => runToEnd([...words, '--once', '-q'], options);
  expect(await once()).toMatchObject({ code: 0 });
  const bytes = readFileSync(kept);
  // In both of its halves, as no accident of a disk would.
  const length = lengthOfCode(bytes);
  for (const from of [0, length]) {
    bytes.fill(0xee, from + Math.round(length / 4), from + Math.round(length / 2));
  }
  writeFileSync(kept, bytes);
  lab.cables.em0.cut();
  const { code } = await once();
  expect(code).toBeNull();
  expect(await once()).toMatchObject({ code: 0, stderr: '' });
  expect(lab.isUp('carp0')).toBe(false);
  expect(readFileSync(kept)).not.toEqual(bytes);
});

/** The code is there twice: where it begins again. */
function lengthOfCode(kept: Buffer): number {
  return kept.indexOf(kept.subarray(0, 64), 1);
}

test('a fault is told in the lines of the sources with kept code, too', async () => {
  using _lab = host('em0', 'carp0');
  using place = configFile('');
  place.write("process.uptime = () => { throw new TypeError('broken clock'); };");
  const env = { CACHE_DIRECTORY: join(place.folder, 'cache') };
  expect(await runToEnd([...words, '--once', '-q'], { env })).toMatchObject({ code: 0 });
  const broken = await runToEnd(words, { env: { ...env, NODE_OPTIONS: `--require ${place.path}` } });
  expect(broken.stderr).toMatch(
    / \(packages\/linkwatch\/src\/[a-z-]+\.ts:\d+\)\n[\s\S]* \(src\/daemon\/[a-z-]+\.ts:\d+\)/,
  );
});
