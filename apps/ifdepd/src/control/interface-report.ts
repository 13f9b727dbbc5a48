import type { LinkHealth, LinkRecord, LinkWatch } from '@ifdepd/linkwatch';

/** One interface in `interfaces --json` and `GET /v1/interfaces`. */
export interface InterfaceReport {
  readonly name: string;
  readonly index: number;
  readonly health: string;
  readonly reason: string;
  readonly adminUp: boolean;
  readonly carrier: boolean | null;
  readonly operstate: string;
  readonly kind: string | null;
  readonly altNames: readonly string[];
  readonly on: string | null;
  readonly master: string | null;
}

/** Every interface, in the order of their index. @param healthOf the health of a link */
export function interfaceReports(
  links: Pick<LinkWatch, 'links'>,
  healthOf: (link: LinkRecord) => LinkHealth,
): readonly InterfaceReport[] {
  const all = [...links.links.values()].sort((one, other) => one.index - other.index);
  const names = new Map(all.map(({ index, name }) => [index, name]));
  const nameOf = (index: number | null) => (index === null ? null : (names.get(index) ?? `#${index}`));
  return all.map((link: LinkRecord) => {
    const { name, index, adminUp, carrier, operstate, kind, altNames, linkIndex, masterIndex } = link;
    const { health, reason } = healthOf(link);
    const [on, master] = [nameOf(linkIndex), nameOf(masterIndex)];
    return { name, index, health, reason, adminUp, carrier, operstate, kind, altNames, on, master };
  });
}
