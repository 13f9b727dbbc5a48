import type { TypeObject } from 'koffi';
import { decodeText } from '../byte-text.ts';
import { koffi } from '../koffi.ts';
import type { InterfaceName, Libc } from '../libc.ts';
import { missing } from '../library.ts';
import type { CallContext } from './call-context.ts';

/**
 * {@link Libc.if_nameindex}: decodes the array of `struct if_nameindex { unsigned if_index; char *if_name; }`, which ends with
 * index zero, and gives it back to the library.
 */
export function interfaceNames({ bind, target }: CallContext): Libc['if_nameindex'] {
  // koffi keeps every type until the process ends. So there is one type, not one for each call.
  let entry: TypeObject | undefined;
  // koffi gives a pointer as a bigint, and NULL as null.
  let list: (() => bigint | null) | undefined;
  let free: (first: bigint) => void;

  return () => {
    if (list === undefined) {
      const found = bind('if_nameindex', 'void *');
      if (found === missing) {
        return -target.errnoOf.ENOSYS;
      }
      list = found as unknown as () => bigint | null;
      free = bind('if_freenameindex', 'void', 'void *');
      entry = koffi.struct({ if_index: 'unsigned int', if_name: 'void *' });
    }
    const first = list();
    return first === null ? -koffi.errno() : decode(first, entry as TypeObject, free);
  };
}

function decode(first: bigint, entry: TypeObject, free: (first: bigint) => void): readonly InterfaceName[] {
  const names: InterfaceName[] = [];
  for (;;) {
    const { if_index: index, if_name: name } = koffi.decode(first, names.length * entry.size, entry) as {
      if_index: number;
      if_name: bigint | null;
    };
    if (index === 0 || name === null) {
      free(first);
      return names;
    }
    names.push({ index, name: textAt(name) });
  }
}

/** The text at an address, up to its NUL. koffi decodes a byte that is not UTF-8 as U+FFFD: then the bytes are read singly. */
function textAt(address: bigint): string {
  const decoded = koffi.decode(address, 'char', -1) as string;
  if (!decoded.includes('\ufffd')) {
    return decoded;
  }
  const bytes: number[] = [];
  for (let byte = byteAt(address, 0); byte !== 0; byte = byteAt(address, bytes.length)) {
    bytes.push(byte);
  }
  return decodeText(Uint8Array.from(bytes));
}

function byteAt(address: bigint, offset: number): number {
  return koffi.decode(address, offset, 'uint8') as number;
}
