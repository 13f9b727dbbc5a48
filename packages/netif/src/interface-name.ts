/**
 * What is wrong with a string as the name of an interface, in words; null where nothing is.
 *
 * The rules of dev_valid_name() in Linux's net/core/dev.c, which no BSD name breaks: 1 to 15 bytes, no '/', no white
 * space, not '.' or '..'; and no ':', which separates the labels of address aliases from their interface.
 *
 * @param longest bytes that it may have at the most. Default: 15. Alternative names of Linux have up to 127
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
  // Bytes that are no UTF-8 were read as U+FFFD, and half a surrogate pair would be written as that.
  return /[\p{Cs}\ufffd]/u.test(name)
    ? 'the name is not valid UTF-8, and no other names can be used: rename the interface'
    : null;
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
