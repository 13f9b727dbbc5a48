import type { LinkRecord } from '@ifdepd/linkwatch';
import { dependentsOf, kindKnowsProtoDown, type SetDown, topologyOf } from '@ifdepd/linkwatch/linux';
import { compiled } from '../config/compiled-policy.ts';
import type { Settings } from '../config/settings.ts';
import { membersOf } from '../engine/members-of.ts';
import { sourceOf } from '../engine/sources/index.ts';
import { addressFindings } from './address-findings.ts';
import { interfacesOf } from './check-host.ts';
import type { Finding, Warning } from './finding.ts';
import { grouped } from './grouped.ts';
import type { HostFacts } from './host-facts.ts';
import { loopFindings } from './loops.ts';
import { routeTable } from './lost-routes.ts';
import { preconditions } from './preconditions.ts';
import { waysOfProbes } from './probe-ways.ts';
import { routeFindings } from './route-findings.ts';
import { sourceFindings } from './source-findings.ts';
import { type Surroundings, settingDown, togetherOf } from './surroundings.ts';
import { upperFindings } from './upper-findings.ts';
import { wantedDown } from './wanted-down.ts';

export type { Finding } from './finding.ts';

/** Findings about a configuration on a host. Pure; the cost grows with the links and the names. */
export function findings(settings: Settings, facts: HostFacts): readonly Finding[] {
  const policy = compiled(settings.policy);
  const { sources } = policy;
  const linkOf = linksByName(facts.links);
  const set = setDowns(settings, facts, linkOf);
  const allDown = wantedDown(policy, settings, new Set(sources));
  const surroundings = surroundingsOf(facts, set, allDown);
  const watched = sources.flatMap((id): readonly (readonly [string, LinkRecord])[] => {
    const name = facts.vhids.has(id) ? null : sourceOf(id).interface;
    const link = name === null ? undefined : linkOf(name);
    return link === undefined ? [] : [[id, link]];
  });
  const required = new Set(sources);
  const ways = [
    ...watched.map(([id, link]) => ({ id, links: [link], use: null, needsCarrier: true })),
    ...waysOfProbes(settings.probes, facts, surroundings.routeTable.all, linkOf).filter(({ id }) =>
      required.has(id),
    ),
  ];
  const loops = loopFindings(settings, surroundings.topology, set, ways);
  return [
    ...preconditions(interfacesOf(settings), {
      exists: (name) => facts.vhids.has(name) || linkOf(name) !== undefined,
      knowsProtoDown: (name) => facts.knowsProtoDown(name) ?? kindKnowsProtoDown(linkOf(name)?.kind),
    }),
    ...watched.flatMap(([id, link]) => sourceFindings(id, link, surroundings.topology)),
    ...[...settings.destinations.values()].flatMap((one): readonly Finding[] => {
      const advskew = 'interface' in one ? facts.vhids.get(one.interface) : undefined;
      const setDown = set.get(one.id);
      const warnings = [
        ...(advskew === undefined ? [] : ofVhid(one.id, advskew)),
        ...(setDown === undefined ? [] : ofDestination(setDown, surroundings)),
        ...ofHolder(facts.holderOf(one.id)),
        ...(loops.get(one.id) ?? []),
      ];
      return warnings.map(([code, message]) => ({ level: 'warning', code, subject: one.id, message }));
    }),
    ...idle(settings, sources),
    ...withoutEffect(settings),
  ];
}

/** Links by each of their names. */
function linksByName(links: ReadonlyMap<string, LinkRecord>): (name: string) => LinkRecord | undefined {
  const others = new Map([...links.values()].flatMap((link) => link.altNames.map((name) => [name, link])));
  return (name) => links.get(name) ?? others.get(name);
}

/** The destinations that are interfaces of this host, by id. */
function setDowns(
  { destinations }: Settings,
  { vhids }: HostFacts,
  linkOf: (name: string) => LinkRecord | undefined,
): ReadonlyMap<string, SetDown> {
  return new Map(
    [...destinations.values()].flatMap((one): readonly (readonly [string, SetDown])[] => {
      const link = 'interface' in one && !vhids.has(one.interface) ? linkOf(one.interface) : undefined;
      return link === undefined || !('interface' in one) ? [] : [[one.id, { link, action: one.action }]];
    }),
  );
}

function surroundingsOf(
  facts: HostFacts,
  set: ReadonlyMap<string, SetDown>,
  allDown: ReadonlySet<string>,
): Surroundings {
  const { addresses, neighbours, routes, nextHops, details } = facts.kernel;
  const topology = topologyOf(facts.links.values(), details);
  const down = [...set].flatMap(([id, one]) => (allDown.has(id) ? [one] : []));
  return {
    facts,
    topology,
    together: togetherOf(down, dependentsOf(topology, down)),
    addresses: grouped(addresses, ({ index }) => [index]),
    neighbours: grouped(neighbours, ({ index }) => [index]),
    routeTable: routeTable(routes, nextHops),
    reportsProtocol: addresses.some(({ protocol }) => protocol !== 0),
    destinations: new Set([...set.values()].map(({ link }) => link.index)),
  };
}

function* ofDestination(set: SetDown, surroundings: Surroundings): Iterable<Warning> {
  const { facts, topology } = surroundings;
  const down = settingDown(set, dependentsOf(topology, [set]).values());
  yield* addressFindings(down, surroundings);
  yield* routeFindings(down, surroundings);
  if ([...down.closed, ...down.dark].some(({ index }) => facts.session.has(index))) {
    yield ['this-session', 'this session came in through it: it ends when it is set down'];
  }
  yield* upperFindings(down, surroundings);
  const manager = facts.managerOf(set.link.index);
  if (manager !== null) {
    yield ['managed', `${manager} manages it and may raise it again: ${leaveAlone(manager, set.link.name)}`];
  }
}

/** How an operator makes a network manager leave the administrative state of an interface alone. */
function leaveAlone(manager: string, name: string): string {
  return manager === 'NetworkManager'
    ? `put 'unmanaged-devices=interface-name:${name}' under [keyfile] in /etc/NetworkManager/conf.d/ifdepd.conf, then run 'nmcli general reload'`
    : `put 'ActivationPolicy=manual' under [Link] in the .network file that 'networkctl status ${name}' names, then run 'networkctl reload'`;
}

function* ofHolder(holder: number | null): Iterable<Warning> {
  if (holder !== null && holder !== process.pid) {
    yield ['held', `the ifdepd with process id ${holder} holds it: a second one would be refused`];
  }
}

/** A vhid that is as low as it can be set: by a dead process, or on purpose. */
function* ofVhid(id: string, advskew: number): Iterable<Warning> {
  if (advskew >= 240) {
    yield [
      'low-already',
      `has an advskew of ${advskew}, which is what down is: there is nothing to go back to when it is set up. If it is not meant so: ifconfig ${id.replace(/^(\d+)@(.*)$/, '$2 vhid $1')} advskew 0`,
    ];
  }
}

/** Groups without destinations that no other group requires: the destinations may have been forgotten. */
function withoutEffect({ policy: { groups } }: Settings): readonly Finding[] {
  const required = new Set<string>();
  const todo = Object.values(groups).map(({ require }) => require);
  for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
    if (typeof one === 'object' && 'group' in one) {
      required.add(one.group);
    }
    todo.push(...membersOf(one));
  }
  return Object.entries(groups)
    .filter(([name, { destinations }]) => destinations === undefined && !required.has(name))
    .map(([name]) => ({
      level: 'warning',
      code: 'not-required',
      subject: name,
      message: `has no destinations, and no group requires it: it sets nothing. Give it destinations, or require {group: ${name}}`,
    }));
}

/** Checks and probes that no group requires. */
function idle({ checks, probes }: Settings, sources: readonly string[]): readonly Finding[] {
  const required = new Set(sources);
  const of = (kind: string, named: ReadonlyMap<string, { readonly name: string }>): readonly Finding[] =>
    [...named]
      .filter(([id]) => !required.has(id))
      .map(([, { name }]) => ({
        level: 'warning',
        code: 'not-required',
        subject: name,
        message: `no group requires this ${kind}, so what it finds changes nothing: {${kind}: ${name}}`,
      }));
  return [...of('check', checks), ...of('probe', probes)];
}
