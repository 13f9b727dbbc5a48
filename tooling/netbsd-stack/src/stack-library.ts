import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(
  new URL('../../../node_modules/.cache/netbsd-stack/rump/lib/libstack.so', import.meta.url),
);

/**
 * Where the library is.
 *
 * @throws {Error} where it was not built
 */
export function stackLibrary(): string {
  if (!existsSync(BUILT)) {
    throw new Error(`no NetBSD network stack has been built: npm run netbsd-stack makes ${BUILT}`);
  }
  return BUILT;
}
