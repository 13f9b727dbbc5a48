/** sys/socket.h and struct sockaddr_un of Linux: the family at 0, the path at 2. */
export const AF_UNIX = 1;
const SUN_PATH = 2;

/** The bytes that a path may have, with its NUL. */
export const SUN_PATH_SIZE = 108;

/**
 * A struct sockaddr_un of Linux; an abstract name begins with a NUL, and ends where the address does.
 *
 * @param path absolute, or `@` and a name
 * @returns null where it is neither, or too long
 */
export function unixAddress(path: string): Uint8Array | null {
  const name = new TextEncoder().encode(path);
  if (!/^[/@]./.test(path) || name.byteLength >= SUN_PATH_SIZE) {
    return null;
  }
  const address = new Uint8Array(SUN_PATH + name.byteLength + (path.startsWith('@') ? 0 : 1));
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, SUN_PATH);
  if (path.startsWith('@')) {
    address[SUN_PATH] = 0;
  }
  return address;
}
