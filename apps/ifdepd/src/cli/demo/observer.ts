import { health, type LinkRecord, type LinkWatch, watchLinks } from '@ifdepd/linkwatch';

/** Milliseconds that the demo waits for a change that should take one. */
const LIMIT_MS = 10_000;

/** Watches the kernel independently of the daemon. */
export interface Observer extends Disposable {
  readonly links: LinkWatch['links'];
  /**
   * Waits until every wanted state was seen.
   *
   * @param wanted the condition for each interface
   * @returns for each interface, when its state was seen: milliseconds of performance.now()
   * @throws {Error} naming the interfaces whose state was not seen in time
   */
  see(wanted: Readonly<Record<string, (link: LinkRecord) => boolean>>): Promise<ReadonlyMap<string, number>>;
}

/** Opens its own link watch. */
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
