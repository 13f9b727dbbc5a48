import type { InterfaceName } from '@ifdepd/libc';
import type { LinkEvent, LinkWatch } from '@ifdepd/linkwatch';
import type { Outcome } from './actuator.ts';
import type { Bindings } from './bindings.ts';

/**
 * The links below destinations that are VLANs. When such a link is set up, Linux sets up its VLANs as well, those too that
 * ifdepd holds down (vlan_device_event() in net/8021q/vlan.c; not with `loose_binding on`). The kernel reports the link first.
 */
export interface VlanParents {
  note(event: LinkEvent): void;
  /** Notes what was done to destinations. */
  noteOutcomes(outcomes: readonly Outcome[]): void;
  /** Whether the link below a destination was set up after ifdepd last set the destination: no program has set that up. */
  hasReopened(destination: string): boolean;
  /** Their names, of which events have to be read. */
  readonly names: readonly string[];
  /** Whether they may be others by now. */
  readonly stale: boolean;
  /** Finds their names; where the system refuses to list them, they stay stale. @returns whether they are others than before */
  find(): boolean;
}

/** @param list every interface of the system, null where it refuses to list them; asked only where there are such VLANs */
export function vlanParents(
  bindings: Pick<Bindings, 'now'>,
  links: Pick<LinkWatch, 'lookUp'>,
  list: () => readonly InterfaceName[] | null,
): VlanParents {
  /** When a link was set up, by its index, and when a destination was set: numbers of an order. */
  const raised = new Map<number, number>();
  const written = new Map<string, number>();
  let last = 0;
  let names: readonly string[] = [];
  let stale = false;

  function parentOf(destination: string): number | null {
    const link = links.lookUp(destination);
    return link?.kind === 'vlan' ? link.linkIndex : null;
  }

  return {
    note(event) {
      stale ||= event.type !== 'changed';
      if (event.type === 'departed') {
        raised.delete(event.link.index);
      } else if (event.type === 'changed' && event.link.adminUp && !event.was.adminUp) {
        raised.set(event.link.index, ++last);
      }
    },
    noteOutcomes(outcomes) {
      for (const { effect } of outcomes) {
        written.set(effect.destination, ++last);
      }
    },
    hasReopened(destination) {
      const parent = parentOf(destination);
      return parent !== null && (raised.get(parent) ?? 0) > (written.get(destination) ?? 0);
    },
    get names() {
      return names;
    },
    get stale() {
      return stale;
    },
    find() {
      const parents = new Set([...bindings.now.destinations.keys()].map(parentOf));
      parents.delete(null);
      const listed = parents.size === 0 ? [] : list();
      stale = listed === null;
      if (listed === null) {
        return false;
      }
      const found = listed.flatMap(({ index, name }) => (parents.has(index) ? [name] : []));
      const others = found.join('/') !== names.join('/');
      names = found;
      return others;
    },
  };
}
