import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/**
 * Packs a built package as npm would publish it, and asks publint and are-the-types-wrong about the tarball.
 *
 * @returns their findings, one sentence each; empty for a good package
 * @throws {Error} if the package is not built or cannot be packed
 */
export async function packageFaults(packageDir: string): Promise<string[]> {
  if (!existsSync(join(packageDir, 'dist'))) {
    throw new Error(`${packageDir} has no dist: npm run build first`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'packed-'));
  try {
    const tarball = pack(packageDir, directory);
    return [...(await publintFaults(tarball)), ...typeFaults(tarball)];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function pack(packageDir: string, directory: string): string {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', directory],
    { cwd: packageDir, encoding: 'utf8' },
  );
  if (status !== 0) {
    throw new Error(`npm pack in ${packageDir}: exit ${status}: ${stderr.trim()}`);
  }
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  return join(directory, packed?.filename ?? '');
}

async function publintFaults(tarball: string): Promise<string[]> {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

function typeFaults(tarball: string): string[] {
  const require = createRequire(import.meta.url);
  const cli = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist', 'index.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, tarball, '--profile', 'esm-only', '--no-color', '--no-emoji'],
    { encoding: 'utf8' },
  );
  return status === 0 ? [] : [`are the types wrong: ${stdout}${stderr}`];
}
