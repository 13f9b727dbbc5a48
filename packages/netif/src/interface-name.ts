/**
 * What is wrong with a string as the name of an interface, in words; null where nothing is.
 *
 * The rules of dev_valid_name() in Linux's net/core/dev.c, which no BSD name breaks: 1 to 15 bytes, no '/', no white
 * space, not '.' or '..'; and no ':', which separates the labels of address aliases from their interface.
 */
export function interfaceNameFault(name: string): string | null {
  if (name === '') {
    return 'the name is empty';
  }
  if (name === '.' || name === '..') {
    return `no interface can be called '${name}'`;
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > 15) {
    return `the name has ${bytes} bytes; an interface name has at most 15`;
  }
  if (name.includes('/')) {
    return "an interface name has no '/'";
  }
  if (name.includes(':')) {
    return "an interface name has no ':' (a label such as eth0:1 is an address of eth0, not an interface)";
  }
  if (!isPlain(name) && /[\s\p{Cc}]/u.test(name)) {
    return 'an interface name has no white space and no control characters';
  }
  return null;
}

/**
 * Whether there is nothing in a name but the visible characters of ASCII, as in nearly all of them. Such a one is not
 * worth the expression, which V8 compiles when it is first used, and once more when it is used again.
 */
function isPlain(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) {
      return false;
    }
  }
  return true;
}
