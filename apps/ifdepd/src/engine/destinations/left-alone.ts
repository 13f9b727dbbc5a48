import { type Libc, SystemError } from '@ifdepd/libc';
import type { DestinationDriver, Setting } from './index.ts';

/** Why a destination is left alone at present; null where it is not. */
export type WhyLeftAlone = (destination: string) => string | null;

/**
 * A driver for a destination that may have to be left alone: its name means an interface that must not be set through it.
 * For as long it is taken to be missing: nothing is read from that interface, and nothing written to it.
 */
export function unlessLeftAlone<Result extends Setting | Promise<Setting>>(
  driver: DestinationDriver<Result>,
  id: string,
  why: WhyLeftAlone,
  libc: Libc,
): DestinationDriver<Result> {
  const { downRequest, upRequest } = driver;
  const guarded: Pick<DestinationDriver<Result>, 'read' | 'set' | 'note'> = {
    read: () => (why(id) === null ? driver.read() : 'missing'),
    set(to, before) {
      if (why(id) !== null) {
        throw new SystemError(libc.target, libc.target.errnoOf.ENODEV, 'left alone', id);
      }
      return driver.set(to, before);
    },
    note: () => why(id) ?? driver.note?.() ?? null,
  };
  // Not by `...`: V8 of Node 20 would give each result a shape of its own, 430 bytes, and calls through many shapes are slow.
  return Object.assign(
    {},
    driver,
    guarded,
    downRequest && { downRequest: () => (why(id) === null ? downRequest() : undefined) },
    upRequest && { upRequest: () => (why(id) === null ? upRequest() : undefined) },
  );
}
