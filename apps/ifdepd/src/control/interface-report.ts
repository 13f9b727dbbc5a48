import type { LinkHealth, LinkRecord } from '@ifdepd/linkwatch';
import { nextTurn } from '../system/loop.ts';

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

/** Interfaces that are reported before the event loop goes on: the driver of each may be asked, for some 10 µs. */
const PART = 200;

/** As {@link interfaceReports}, without holding the event loop. */
export async function interfaceReportsInParts(
  links: readonly LinkRecord[],
  healthOf: (link: LinkRecord) => LinkHealth,
): Promise<readonly InterfaceReport[]> {
  const reported: InterfaceReport[] = [];
  for (const report of eachReport(links, healthOf)) {
    reported.push(report);
    if (reported.length % PART === 0) {
      await nextTurn();
    }
  }
  return reported;
}

/** Every interface, in the order of their index. @param healthOf the health of a link */
export function interfaceReports(
  links: Iterable<LinkRecord>,
  healthOf: (link: LinkRecord) => LinkHealth,
): readonly InterfaceReport[] {
  return [...eachReport(links, healthOf)];
}

function* eachReport(
  links: Iterable<LinkRecord>,
  healthOf: (link: LinkRecord) => LinkHealth,
): Generator<InterfaceReport> {
  const all = [...links].sort((one, other) => one.index - other.index);
  const names = new Map(all.map(({ index, name }) => [index, name]));
  const nameOf = (index: number | null) => (index === null ? null : (names.get(index) ?? `#${index}`));
  for (const link of all) {
    const { name, index, adminUp, carrier, operstate, kind, altNames, linkIndex, masterIndex } = link;
    const { health, reason } = healthOf(link);
    const [on, master] = [nameOf(linkIndex), nameOf(masterIndex)];
    yield { name, index, health, reason, adminUp, carrier, operstate, kind, altNames, on, master };
  }
}
