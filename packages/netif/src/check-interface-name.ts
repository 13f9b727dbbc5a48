import { encodeText, shown, text } from '@ifdepd/libc';
import { interfaceNameFault } from './interface-name.ts';

/**
 * Refuses a name that no interface can have.
 *
 * @param call the method that the error names
 * @param longest in bytes. Default: 15
 * @throws {TypeError} when the name is not a string
 * @throws {RangeError} when no interface can have it
 */
export function checkInterfaceName(call: string, name: string, longest?: number): void {
  const fault = interfaceNameFault(asTheKernelLooks(text(`${call}: name`, name)), longest);
  if (fault !== null) {
    throw new RangeError(`${call}(${shown(name)}): ${fault}`);
  }
}

/**
 * Replaces what an administrator should not use in a name, but a name in the kernel may hold: control characters, and escaped bytes
 * that are not UTF-8 (`decodeText` of @ifdepd/libc). So such an interface can be read and set, and only what the kernel refuses
 * remains.
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

/** Keeps NUL and the white space of isspace(3), which no name has. Turns every other invisible byte into an `x`. */
function visibleOrRefused(byte: number): number {
  const refused = byte === 0 || (byte >= 0x09 && byte <= 0x0d);
  return refused || (byte >= 0x20 && byte <= 0x7e) ? byte : 0x78;
}
