import { encodeText, shown, text } from '@ifdepd/libc';
import { interfaceNameFault } from './interface-name.ts';

/**
 * Refuses a name that no interface can have.
 *
 * @param call the method that the error names
 * @param longest in bytes. Default: 15
 * @throws {TypeError} where it is no text @throws {RangeError} where no interface can have it
 */
export function checkInterfaceName(call: string, name: string, longest?: number): void {
  const fault = interfaceNameFault(asTheKernelLooks(text(`${call}: name`, name)), longest);
  if (fault !== null) {
    throw new RangeError(`${call}(${shown(name)}): ${fault}`);
  }
}

/**
 * A name of the kernel's may hold what no administrator should be let use: control characters, and bytes that are no UTF-8, which
 * are escaped (`decodeText` of @ifdepd/libc). Such an interface can be asked about all the same. What is left is what no name has.
 */
function asTheKernelLooks(name: string): string {
  return isVisible(name) ? name : String.fromCharCode(...encodeText(name).map(visibleOrRefused));
}

function isVisible(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    if (name.charCodeAt(at) < 0x20 || name.charCodeAt(at) > 0x7e) {
      return false;
    }
  }
  return true;
}

/** NUL and the white space of isspace(3) stay what they are; all else that cannot be seen becomes an `x`. */
function visibleOrRefused(byte: number): number {
  const refused = byte === 0 || (byte >= 0x09 && byte <= 0x0d);
  return refused || (byte >= 0x20 && byte <= 0x7e) ? byte : 0x78;
}
