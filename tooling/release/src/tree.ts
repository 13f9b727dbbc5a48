import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A file as it is to be installed. */
export interface FileEntry {
  /** From the root, without a leading slash: `usr/bin/ifdepd`. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

/** A symbolic link as it is to be installed. */
export interface LinkEntry {
  readonly path: string;
  readonly target: string;
}

/** What is installed: files and links. The directories above them belong to it. */
export type Tree = readonly (FileEntry | LinkEntry)[];

/** A file of text, or of bytes. @param mode default: 0644 */
export function file(path: string, content: string | Buffer, mode = 0o644): FileEntry {
  return { path, mode, content: typeof content === 'string' ? Buffer.from(content) : content };
}

/**
 * The files below a folder of this machine. Modes are 0644, and 0755 for what may be run.
 *
 * @param into where they go
 * @param wanted whether a file, by its path from the folder, belongs to it. Default: all do
 */
export function folder(from: string, into: string, wanted: (path: string) => boolean = () => true): Tree {
  return readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: path.slice(from.length + 1) }))
    .filter(({ name }) => wanted(name))
    .map(({ path, name }) =>
      file(join(into, name), readFileSync(path), (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755),
    );
}

/** The same tree below another folder. */
export function below(into: string, tree: Tree): Tree {
  return tree.map((entry) => ({ ...entry, path: join(into, entry.path) }));
}

/** In the order of their paths, which no file system decides. */
export function sorted(tree: Tree): Tree {
  return [...tree].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** All directories above the entries, the upper ones first. */
export function directoriesOf(tree: Tree): readonly string[] {
  const all = new Set<string>();
  for (const { path } of tree) {
    for (let above = dirname(path); above !== '.'; above = dirname(above)) {
      all.add(above);
    }
  }
  return [...all].sort();
}

/** Writes a tree below a directory of this machine. */
export function write(tree: Tree, directory: string): void {
  for (const entry of tree) {
    const path = join(directory, entry.path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    if ('target' in entry) {
      symlinkSync(entry.target, path);
    } else {
      writeFileSync(path, entry.content);
      chmodSync(path, entry.mode);
    }
  }
}
