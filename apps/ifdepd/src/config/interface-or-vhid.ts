import { interfaceNameFault, parseVhidName } from '@ifdepd/netif';

/** Linux's ALTIFNAMSIZ without its NUL. Whether a system has such names is another question. */
const LONGEST_NAME = 127;

/** What is wrong with a name as that of an interface, or of a vhid of one (`1@em0`); null where nothing is. */
export function interfaceOrVhidFault(name: string): string | null {
  if (/[*?[]/.test(name)) {
    return `patterns such as '${name}' are not supported: name each interface`;
  }
  const parent = parseVhidName(name)?.parent;
  return parent === undefined ? interfaceNameFault(name, LONGEST_NAME) : interfaceNameFault(parent);
}
