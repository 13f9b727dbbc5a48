import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { madeOnce } from '../cache.ts';
import type { Architecture, KnownKernel } from '../known-kernels.ts';
import { type AptSuite, aptSuite } from './apt-suite.ts';

/** A kernel that was fetched. */
export interface Kernel {
  readonly id: string;
  readonly architecture: Architecture;
  /** What uname -r says. */
  readonly release: string;
  /** The version of Debian's package. */
  readonly version: string;
  /** The file to boot. */
  readonly image: string;
  /** The folder of its modules. */
  readonly modules: string;
}

/** Fetches a kernel where it is not there yet. */
export function fetchKernel({ id, suite }: KnownKernel, architecture: Architecture): Kernel {
  const folder = madeOnce(`${architecture}/kernel-${id}`, (into) => {
    using apt = aptSuite(suite, architecture);
    const metapackage = `linux-image-${architecture}`;
    writeFileSync(join(into, 'version'), apt.field(metapackage, 'Version'));
    apt.unpack(packagesOf(apt, metapackage), into);
  });
  const [library] = ['usr/lib/modules', 'lib/modules'].filter(
    (name) => listed(join(folder, name)).length > 0,
  );
  const [release] = listed(join(folder, library ?? ''));
  if (library === undefined || release === undefined) {
    throw new Error(`Debian's ${suite} has a kernel for ${architecture} whose modules are in no known place`);
  }
  const modules = join(folder, library, release);
  const image = [join(folder, 'boot', `vmlinuz-${release}`), join(modules, 'vmlinuz')].find((path) =>
    listed(join(path, '..')).includes(path.split('/').at(-1) ?? ''),
  );
  if (image === undefined) {
    throw new Error(`Debian's ${suite} has a kernel for ${architecture} whose image is in no known place`);
  }
  const version = readFileSync(join(folder, 'version'), 'utf8');
  return { id, architecture, release, version, image, modules };
}

/** The packages with the image and the modules: Debian's 7.2 has three of them, on which a fourth depends. */
function packagesOf(apt: AptSuite, metapackage: string): readonly string[] {
  const dependencies = (name: string): readonly string[] =>
    [...apt.field(name, 'Depends').matchAll(/(?:^|, )(linux-(?:image-|binary-|modules-|base-\d)\S+)/g)].map(
      ([, found = '']) => found,
    );
  return dependencies(metapackage).flatMap((image) => [image, ...dependencies(image)]);
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
