import { watchLinks } from '@ifdepd/linkwatch';
import type { SourceReading } from '@ifdepd/policy';
import { SOURCES } from './rules.ts';

/**
 * What the kernel says of the sources, read again. A cable that exists, is up and has a carrier is active. This uses
 * nothing of the daemon's own decisions.
 */
export function sourcesNow(): readonly SourceReading[] {
  using watch = watchLinks();
  return SOURCES.map((id) => {
    const link = watch.links.get(id);
    const active = link?.adminUp === true && link.carrier === true && link.operstate === 'up';
    return { id, health: active ? 'active' : 'failed', reason: link?.operstate ?? 'missing' };
  });
}
