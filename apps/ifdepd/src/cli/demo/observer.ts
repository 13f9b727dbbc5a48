import { type LinkRecord, watchLinks } from '@ifdepd/linkwatch';
import { realLoop } from '../../system/loop.ts';

/** Milliseconds that the demo waits for a change that should take one. */
const LIMIT_MS = 10_000;

/**
 * Watches the kernel, independently of the daemon, until every wanted state was seen.
 *
 * @param wanted the condition for each interface
 * @returns for each interface, when its state was seen: monotonic milliseconds
 * @throws {Error} naming the interfaces whose state was not seen in time
 */
export async function untilSeen(
  wanted: Readonly<Record<string, (link: LinkRecord) => boolean>>,
): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  const waiting = new Set(Object.keys(wanted));
  using watch = watchLinks({ signal: AbortSignal.timeout(LIMIT_MS) });
  try {
    for await (const _event of watch) {
      const now = realLoop.now();
      for (const name of waiting) {
        const link = watch.links.get(name);
        if (link !== undefined && wanted[name]?.(link) === true) {
          seen.set(name, now);
          waiting.delete(name);
        }
      }
      if (waiting.size === 0) {
        break;
      }
    }
    return seen;
  } catch (error) {
    const message = `not seen within ${LIMIT_MS / 1000} seconds: ${[...waiting].join(', ')}`;
    throw new Error(message, { cause: error });
  }
}
