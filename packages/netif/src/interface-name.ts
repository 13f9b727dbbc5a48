/**
 * The reason why a string cannot be the name of an interface; null for a valid name.
 *
 * The rules are those of dev_valid_name() in Linux's net/core/dev.c, and every name of a BSD fulfils them: 1 to 15 bytes, no '/',
 * no white space, not '.' or '..'. And no ':', which separates the label of an address from its interface.
 *
 * @param longest the most bytes that the name may have. Default: 15. Alternative names of Linux have up to 127
 *
 * @example
 * ```ts
 * import { interfaceNameFault } from '@ifdepd/netif';
 *
 * console.log(interfaceNameFault('eth0')); // null
 * console.log(interfaceNameFault('a/b')); // an interface name has no '/'
 * ```
 */
export function interfaceNameFault(name: string, longest: number = 15): string | null {
  if (name === '') {
    return 'the name is empty';
  }
  if (name === '.' || name === '..') {
    return `no interface can be called '${name}'`;
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > longest) {
    const alternative = longest > 15 ? `, and an alternative name of Linux at most ${longest}` : '';
    return `the name has ${bytes} bytes; an interface name has at most 15${alternative}`;
  }
  if (name.includes('/')) {
    return "an interface name has no '/'";
  }
  if (name.includes(':')) {
    return "an interface name has no ':' (a label such as eth0:1 is an address of eth0, not an interface)";
  }
  if (isPlain(name)) {
    return null;
  }
  if (/[\s\p{Cc}]/u.test(name)) {
    return 'an interface name has no white space and no control characters';
  }
  // U+FFFD stands for bytes that were not UTF-8, and half a surrogate pair would be written as U+FFFD.
  return /[\p{Cs}\ufffd]/u.test(name) ? 'the name is not valid UTF-8: rename the interface' : null;
}

/**
 * Whether a name has only visible ASCII characters, as nearly all names have. This avoids the regular expression, which V8 compiles
 * at its first use and again at its second.
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
