import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../command.ts';
import type { Architecture } from '../known-kernels.ts';

/** The keys of all releases of Debian: package debian-archive-keyring. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** One suite of Debian, with lists of its own: apt's configuration and its lists stay as they are. */
export interface AptSuite extends Disposable {
  /** What a package says of itself in one field; '' where it says nothing. @throws {Error} where there is no such package */
  field(name: string, field: string): string;
  /** Fetches packages and unpacks them into a folder, without installing them. */
  unpack(names: readonly string[], into: string): void;
}

/** Reads the lists of a suite from the mirror that this machine's apt is configured with. */
export function aptSuite(suite: string, architecture: Architecture): AptSuite {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-apt-'));
  for (const name of ['lists/partial', 'cache/archives/partial', 'download']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const sources = join(folder, 'sources.list');
  const trusted = `[arch=${architecture} signed-by=${KEYRING}]`;
  writeFileSync(sources, `deb ${trusted} ${mirror()} ${suite} main\n`);
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures::': architecture,
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::Status': '/dev/null',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  command('apt-get', [...options, '-qq', 'update']);

  return {
    field(name, field) {
      const text = command('apt-cache', [...options, 'show', '--no-all-versions', name]).toString();
      return new RegExp(`^${field}: (.*)$`, 'm').exec(text)?.[1] ?? '';
    },
    unpack(names, into) {
      const download = join(folder, 'download');
      command('apt-get', [...options, '-qq', 'download', ...names], { cwd: download });
      for (const file of readdirSync(download)) {
        command('dpkg', ['-x', join(download, file), into]);
        rmSync(join(download, file));
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** The address of Debian's archive, as apt is configured with it. */
function mirror(): string {
  const format = ['--format', '$(ORIGIN) $(RELEASE) $(REPO_URI)', 'Created-By: Packages'];
  const targets = command('apt-get', ['indextargets', ...format]).toString();
  const uri = /^Debian [a-z]+ (\S+)$/m.exec(targets)?.[1];
  if (uri === undefined) {
    throw new Error('apt knows no archive of Debian. Run apt-get update on Debian, or in a container of it.');
  }
  return uri;
}
