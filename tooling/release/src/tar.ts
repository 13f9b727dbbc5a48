import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { directoriesOf, sorted, type Tree } from './tree.ts';

/** What an archive has beside its tree. */
export interface TarOptions {
  /** Modification time of everything. */
  readonly at: Date;
  /** More header fields of a file (pax), such as a checksum. Default: none. */
  readonly pax?: (content: Buffer) => Record<string, string>;
  /** Whether the directories above the files are entries of their own. Default: true. */
  readonly directories?: boolean;
}

/** An archive in which nothing depends on the machine: sorted, owned by root, one time for all. */
export async function tar(tree: Tree, { at, pax, directories = true }: TarOptions): Promise<Buffer> {
  const archive = pack();
  const common = { mtime: at, uid: 0, gid: 0, uname: 'root', gname: 'root' };
  const add = (header: Pick<Header, 'name'> & Partial<Header>, content?: Buffer): void => {
    if (content === undefined) {
      archive.entry({ ...common, ...header });
    } else {
      archive.entry({ ...common, ...header }, content);
    }
  };
  const links = directories ? directoriesOf(tree).map((path) => ({ path })) : [];
  const all = [...links, ...sorted(tree)].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const entry of all) {
    if ('content' in entry) {
      const fields = pax?.(entry.content);
      add(
        { name: entry.path, mode: entry.mode, ...(fields === undefined ? {} : { pax: fields }) },
        entry.content,
      );
    } else if ('target' in entry) {
      add({ name: entry.path, type: 'symlink', linkname: entry.target, mode: 0o777 });
    } else {
      add({ name: `${entry.path}/`, type: 'directory', mode: 0o755 });
    }
  }
  archive.finalize();
  return buffer(archive);
}

/** Compresses without a time or a name. @param level default: 9, as manual pages are; less is faster */
export function gzip(bytes: Buffer | string, level = 9): Buffer {
  return gzipSync(bytes, { level });
}
