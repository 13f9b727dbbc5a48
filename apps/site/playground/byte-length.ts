/** The only part of Node that the daemon's parser uses: the bytes of a text in UTF-8. */
export function provideByteLength(): void {
  const encoder = new TextEncoder();
  Object.assign(globalThis, { Buffer: { byteLength: (text: string) => encoder.encode(text).length } });
}
