import { interfaceNameFault, parseVhidName } from '@ifdepd/netif';

/** What is wrong with a name as that of an interface, or of a vhid of one (`1@em0`); null where nothing is. */
export function interfaceOrVhidFault(name: string): string | null {
  return interfaceNameFault(parseVhidName(name)?.parent ?? name);
}
