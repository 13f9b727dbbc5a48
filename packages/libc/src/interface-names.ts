import type { TypeObject } from 'koffi';
import { decodeText } from './byte-text.ts';
import { koffi } from './koffi.ts';
import type { InterfaceName, Result } from './libc.ts';
import { type Library, missing } from './library.ts';
import type { Target } from './target.ts';

/**
 * {@link Libc.if_nameindex}: decodes the array of `struct if_nameindex { unsigned if_index; char *if_name; }` that
 * ends with a zero index, and gives it back to the library.
 */
export function interfaceNames(library: Library, target: Target): () => readonly InterfaceName[] | Result {
  // koffi keeps every type for as long as the process lives: one, not one a call.
  let entry: TypeObject | undefined;
  // A pointer comes as a bigint, NULL as null.
  let list: (() => bigint | null) | undefined;
  let free: (first: bigint) => void;

  return () => {
    if (list === undefined) {
      const found = library.bind('if_nameindex', 'void *');
      if (found === missing) {
        return -target.errnoOf.ENOSYS;
      }
      list = found as unknown as () => bigint | null;
      free = library.bind('if_freenameindex', 'void', 'void *');
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

/** What C has there up to its NUL. As a text of koffi's a byte that is not UTF-8 would be U+FFFD. */
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
