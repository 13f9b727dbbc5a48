import { health, type LinkRecord, type LinkWatch, watchLinks } from '@ifdepd/linkwatch';

/** How long the demo waits for what should take a millisecond. */
const LIMIT_MS = 10_000;

/** Somebody else who looks at the kernel: what it sees is not the daemon's word. */
export interface Observer extends Disposable {
  readonly links: LinkWatch['links'];
  /**
   * Waits until all of it was seen.
   *
   * @param wanted by interface, what has to be true of it
   * @returns by interface, when it was seen: milliseconds of performance.now()
   * @throws {Error} that names what was not seen in time
   */
  see(wanted: Readonly<Record<string, (link: LinkRecord) => boolean>>): Promise<ReadonlyMap<string, number>>;
}

/** Opens a link watch of its own. */
export function observer(): Observer {
  const watch = watchLinks();
  return {
    links: watch.links,
    see(wanted) {
      const seen = new Map<string, number>();
      const names = Object.keys(wanted);
      return new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          subscription[Symbol.dispose]();
          const missed = names.filter((name) => !seen.has(name));
          reject(new Error(`not seen within ${LIMIT_MS / 1000} seconds: ${missed.join(', ')}`));
        }, LIMIT_MS);
        const subscription = watch.subscribe(() => {
          const now = performance.now();
          for (const name of names) {
            const link = watch.links.get(name);
            if (!seen.has(name) && link !== undefined && wanted[name]?.(link) === true) {
              seen.set(name, now);
            }
          }
          if (seen.size === names.length) {
            clearTimeout(limit);
            setImmediate(() => subscription[Symbol.dispose]());
            resolve(seen);
          }
        });
      });
    },
    [Symbol.dispose]: () => watch.close(),
  };
}

/** Whether a source is active. */
export const isActive = (link: LinkRecord): boolean => health(link).health === 'active';
/** Whether a source has failed. */
export const isFailed = (link: LinkRecord): boolean => health(link).health === 'failed';
/** Whether a destination is set up. */
export const isUp = (link: LinkRecord): boolean => link.adminUp;
/** Whether a destination is set down. */
export const isDown = (link: LinkRecord): boolean => !link.adminUp;
