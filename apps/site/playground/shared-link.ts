import type { Incident } from './outcome.ts';

/** The form of a link, and its version. */
const PREFIX = '#v1=';

/** The fragment of an address that holds an incident: no server gets it. */
export async function toFragment({ configuration, timeline }: Incident): Promise<string> {
  const packed = await piped(
    new TextEncoder().encode(JSON.stringify([configuration, timeline])),
    new CompressionStream('deflate-raw'),
  );
  const bytes = Array.from(packed, (byte) => String.fromCharCode(byte)).join('');
  return `${PREFIX}${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** The incident in the fragment of an address; null where there is none, or a broken one. */
export async function fromFragment(fragment: string): Promise<Incident | null> {
  if (!fragment.startsWith(PREFIX)) {
    return null;
  }
  try {
    const bytes = atob(fragment.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
    const text = new TextDecoder().decode(await piped(packed, new DecompressionStream('deflate-raw')));
    const [configuration, timeline] = JSON.parse(text) as readonly unknown[];
    return typeof configuration === 'string' && typeof timeline === 'string'
      ? { configuration, timeline }
      : null;
  } catch {
    return null;
  }
}

async function piped(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
