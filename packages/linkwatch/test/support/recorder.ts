import type { LinkDecoder, LinkSink } from '../../src/index.ts';
import type { LinkRecord } from '../../src/link.ts';

export type Found =
  | { readonly is: 'link'; readonly link: LinkRecord; readonly listed: boolean }
  | { readonly is: 'carrier'; readonly index: number; readonly carrier: boolean }
  | { readonly is: 'gone'; readonly index: number }
  | { readonly is: 'touched'; readonly index: number }
  | { readonly is: 'end'; readonly interrupted: boolean }
  | { readonly is: 'refused'; readonly errno: number }
  | { readonly is: 'busy' }
  | { readonly is: 'lost' }
  | { readonly is: 'bad'; readonly error: Error };

/** The facts that a decoder finds in the bytes, in order. */
export function decodeAll(decoder: LinkDecoder, ...datagrams: readonly Uint8Array[]): Found[] {
  return datagrams.flatMap((bytes) => decodeStart(decoder, bytes, bytes.byteLength));
}

/** The facts that a decoder finds in the first bytes of a buffer. */
export function decodeStart(decoder: LinkDecoder, bytes: Uint8Array, length: number): Found[] {
  const found: Found[] = [];
  const sink: LinkSink = {
    message: () => undefined,
    wants: () => true,
    link: (reading, listed) => found.push({ is: 'link', link: reading.toRecord(), listed }),
    carrier: (index, carrier) => found.push({ is: 'carrier', index, carrier }),
    gone: (index) => found.push({ is: 'gone', index }),
    touched: (index) => found.push({ is: 'touched', index }),
    listEnd: (interrupted) => found.push({ is: 'end', interrupted }),
    listRefused: (errno) => found.push({ is: 'refused', errno }),
    listBusy: () => found.push({ is: 'busy' }),
    lost: () => found.push({ is: 'lost' }),
    bad: (error) => found.push({ is: 'bad', error }),
  };
  decoder.decode(bytes, length, sink);
  return found;
}
