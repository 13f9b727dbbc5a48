import type { LinkRecord } from '@ifdepd/linkwatch';
import { listed } from './finding.ts';
import type { SettingDown, Surroundings, Warning } from './surroundings.ts';

/** Findings about links on a destination: those that stay up when it is set down, and those that are set up with it. */
export function upperFindings(
  { link, action, closed, dark }: SettingDown,
  { topology, destinations }: Surroundings,
): readonly Warning[] {
  if (action !== 'admin') {
    return [];
  }
  const lost = new Set([...closed, ...dark]);
  const uppers = (topology.uppers.get(link.index) ?? []).filter(({ index }) => !destinations.has(index));
  const staying = uppers.filter(
    (upper) => SEE_A_CARRIER.has(upper.kind) && upper.adminUp && !lost.has(upper),
  );
  const raised = link.adminUp ? uppers.filter((upper) => isRaised(upper) && lost.has(upper)) : [];
  return [
    ...(staying.length === 0
      ? []
      : [
          [
            'carrier-stays',
            `Linux leaves the carrier of what stands on it when it is set down, and programs there do not notice: make them destinations too (${namesOf(staying)})`,
          ] as const,
        ]),
    ...(raised.length === 0
      ? []
      : [
          [
            'raised-with-it',
            `Linux sets VLANs on it up when it is set up, those too that are down now: ${namesOf(raised)}`,
          ] as const,
        ]),
  ];
}

/** Kinds that get their carrier from their lower link. */
const SEE_A_CARRIER: ReadonlySet<string | null> = new Set([
  'macvlan',
  'macvtap',
  'macsec',
  'ipvlan',
  'ipvtap',
  'vlan',
]);

/** net/8021q/vlan.c: setting up a parent sets up all of its VLANs. */
function isRaised({ kind, adminUp }: LinkRecord): boolean {
  return kind === 'vlan' && !adminUp;
}

function namesOf(links: readonly LinkRecord[]): string {
  return listed(links.map(({ name }) => name));
}
