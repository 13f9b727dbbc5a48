import type { LinkRecord } from '@ifdepd/linkwatch';
import { followsOneLink } from '@ifdepd/linkwatch/linux';
import { someOf } from '../config/nearest.ts';
import { MOST_NAMES, type Warning } from './finding.ts';
import type { SettingDown, Surroundings } from './surroundings.ts';

/** Findings about links on a destination: those that stay up when it is set down, and those that are set up with it. */
export function* upperFindings(
  { link, action, closed, dark }: SettingDown,
  { topology, destinations }: Surroundings,
): Iterable<Warning> {
  if (action !== 'admin') {
    return;
  }
  const lost = new Set([...closed, ...dark]);
  const uppers = (topology.uppers.get(link.index) ?? []).filter(({ index }) => !destinations.has(index));
  const staying = uppers.filter((upper) => followsOneLink(upper.kind) && upper.adminUp && !lost.has(upper));
  if (staying.length > 0) {
    yield [
      'carrier-stays',
      `Linux leaves the carrier of what stands on it when it is set down, and programs there do not notice: make them destinations too (${namesOf(staying)})`,
    ];
  }
  // net/8021q/vlan.c: setting up a parent sets up all of its VLANs.
  const raised = uppers.filter((upper) => upper.kind === 'vlan' && !upper.adminUp && lost.has(upper));
  if (link.adminUp && raised.length > 0) {
    yield [
      'raised-with-it',
      `Linux sets VLANs on it up when it is set up, those too that are down now: ${namesOf(raised)}`,
    ];
  }
}

function namesOf(links: readonly LinkRecord[]): string {
  return someOf(
    links.map(({ name }) => name),
    MOST_NAMES,
  );
}
