import type { Target } from '@ifdepd/libc';

/** How many bytes the path of a unix socket may have, without its NUL. */
export function longestUnixPath({ unixAddress: { sun_path, size } }: Target): number {
  return size - sun_path - 1;
}

/**
 * A struct sockaddr_un. The abstract name of Linux begins with a NUL, and ends where the address does.
 *
 * @param path absolute, or `@` and a name
 * @returns null for any other path, and for one that is too long
 */
export function unixAddress(target: Target, path: string): Uint8Array | null {
  const { sun_len, sun_family, sun_path } = target.unixAddress;
  const name = new TextEncoder().encode(path);
  if (!/^[/@]./.test(path) || name.byteLength > longestUnixPath(target)) {
    return null;
  }
  const address = new Uint8Array(sun_path + name.byteLength + (path.startsWith('@') ? 0 : 1));
  if (sun_len !== null) {
    address[sun_len] = address.byteLength;
  }
  address[sun_family] = target.socket.AF_UNIX;
  address.set(name, sun_path);
  if (path.startsWith('@')) {
    address[sun_path] = 0;
  }
  return address;
}
