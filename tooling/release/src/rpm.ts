import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { about, linuxPackage, systemdUnit } from './linux-package.ts';
import { licences, targets } from './program.ts';
import type { Product } from './source.ts';
import { directoriesOf, file, sorted, type Tree, write } from './tree.ts';

/** The package of Fedora, SUSE and their relatives. It enables nothing. */
export function rpm(product: Product, at: Date, path: string): void {
  const tree: Tree = [
    ...linuxPackage(targets['linux-x64']),
    file('usr/lib/systemd/system/ifdepd.service', systemdUnit()),
    file('usr/share/licenses/ifdepd/LICENSE', licences()),
  ];
  const work = mkdtempSync(join(tmpdir(), 'ifdepd-rpm-'));
  try {
    const [stage, spec] = [join(work, 'stage'), join(work, 'ifdepd.spec')];
    mkdirSync(stage);
    write(tree, stage);
    writeFileSync(spec, specOf(product, stage, tree));
    const settings = {
      _topdir: work,
      _rpmdir: work,
      _rpmfilename: 'ifdepd.rpm',
      _buildhost: 'ifdepd',
      _build_id_links: 'none',
      __os_install_post: '%{nil}',
      use_source_date_epoch_as_buildtime: '1',
      clamp_mtime_to_source_date_epoch: '1',
      _binary_payload: 'w9.gzdio',
    };
    const defines = Object.entries(settings).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
    execFileSync('rpmbuild', ['-bb', '--quiet', '--target', 'x86_64-linux', ...defines, spec], {
      env: { ...process.env, HOME: work, LC_ALL: 'C', SOURCE_DATE_EPOCH: String(at.getTime() / 1000) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    copyFileSync(join(work, 'ifdepd.rpm'), path);
  } finally {
    rmSync(work, { recursive: true });
  }
}

function specOf({ version, homepage }: Product, stage: string, tree: Tree): string {
  const own = directoriesOf(tree).filter((folder) => /(^|\/)ifdepd(\/|$)/.test(folder));
  const files = sorted(tree).map((entry) => {
    const mode = 'mode' in entry ? entry.mode.toString(8) : '-';
    const kind = entry.path.startsWith('etc/') ? '%config(noreplace) ' : '';
    return `${kind}%attr(${mode},root,root) "/${entry.path}"`;
  });
  return `Name: ifdepd
Version: ${version}
Release: 1
Summary: ${about.summary}
License: ${about.licence} AND MIT
URL: ${homepage}
Requires: nodejs >= ${about.node}
AutoReqProv: no

%description
${about.description.join('\n')}

%install
mkdir -p %{buildroot}
cp -a "${stage}/." %{buildroot}

%files
${own.map((folder) => `%dir %attr(755,root,root) "/${folder}"`).join('\n')}
${files.join('\n')}
`;
}
