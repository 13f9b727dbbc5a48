import type { LinkRecord } from '@ifdepd/linkwatch';
import { compile } from '@ifdepd/policy';
import type { DestinationSettings, Settings } from '../settings.ts';
import type { HostFacts } from './host-facts.ts';

/** Something about this host that whoever wrote the configuration should know. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly code:
    | 'missing'
    | 'kernel-loop'
    | 'ipv6-flushed'
    | 'default-route'
    | 'this-session'
    | 'managed'
    | 'held'
    | 'no-protodown'
    | 'low-already'
    | 'no-program'
    | 'not-required'
    | 'sandbox';
  /** The interface it is about, the program, or the check. */
  readonly subject: string;
  /** One sentence, without the subject. */
  readonly message: string;
}

/** Drivers that know IFLA_PROTO_DOWN. */
const KNOW_PROTODOWN: readonly (string | null)[] = ['macvlan', 'vxlan', null];

/** What the present state of the host makes of a configuration. Pure. */
export function findings(settings: Settings, facts: HostFacts): readonly Finding[] {
  const { sources } = compile(settings.policy);
  const linkOf = (name: string) =>
    facts.links.get(name) ?? [...facts.links.values()].find(({ altNames }) => altNames.includes(name));
  const missing = sources
    .filter((id) => !settings.checks.has(id) && !facts.vhids.has(id) && linkOf(id) === undefined)
    .map(
      (id): Finding => ({
        level: 'error',
        code: 'missing',
        subject: id,
        message: 'no such interface (source)',
      }),
    );
  const idle = [...settings.checks]
    .filter(([id]) => !sources.includes(id))
    .map(
      ([, { name }]): Finding => ({
        level: 'warning',
        code: 'not-required',
        subject: name,
        message: `no group requires this check, so what it finds changes nothing: {check: ${name}}`,
      }),
    );
  const about = [...settings.destinations.values()].flatMap((destination): readonly Finding[] => {
    if (!('interface' in destination)) {
      return [];
    }
    const advskew = facts.vhids.get(destination.interface);
    if (advskew !== undefined) {
      return ofVhid(destination.id, advskew);
    }
    const link = linkOf(destination.interface);
    return link === undefined
      ? [
          {
            level: 'error',
            code: 'missing',
            subject: destination.id,
            message: 'no such interface (destination)',
          },
        ]
      : [...ofDestination(destination, link, facts), ...loops(link, sources.map(linkOf), settings, facts)];
  });
  return [...missing, ...about, ...idle];
}

/** One that is as low as it can be set: left by a process that is gone, or meant so. */
function ofVhid(subject: string, advskew: number): readonly Finding[] {
  const message = `has an advskew of ${advskew}, which is what down is: there is nothing to go back to when it is set up. If it is not meant so: ifconfig ${subject.replace(/^(\d+)@(.*)$/, '$2 vhid $1')} advskew 0`;
  return advskew < 240 ? [] : [{ level: 'warning', code: 'low-already', subject, message }];
}

function ofDestination(
  destination: DestinationSettings,
  link: LinkRecord,
  facts: HostFacts,
): readonly Finding[] {
  const found: Finding[] = [];
  const warn = (code: Finding['code'], message: string) =>
    found.push({ level: 'warning', code, subject: destination.id, message });
  if (destination.action === 'admin' && facts.losesIpv6.has(link.name)) {
    warn(
      'ipv6-flushed',
      `has global IPv6 addresses, which Linux removes when it is set down: sysctl net.ipv6.conf.${link.name}.keep_addr_on_down=1`,
    );
  }
  if (facts.defaultRoutes.has(link.name)) {
    warn('default-route', 'the default route goes through it: this host loses it when it is set down');
  }
  if (facts.session === link.name) {
    warn('this-session', 'this session came in through it: it ends when it is set down');
  }
  const manager = facts.managerOf(link);
  if (manager !== null) {
    warn('managed', `${manager} manages it and may raise it again: leave it unmanaged there`);
  }
  const holder = facts.holderOf(destination.id);
  if (holder !== null && holder !== process.pid) {
    warn('held', `the ifdepd with process id ${holder} holds it: a second one would be refused`);
  }
  if (destination.action === 'protodown' && !KNOW_PROTODOWN.includes(link.kind)) {
    warn('no-protodown', `is a ${link.kind}, which does not know protodown (macvlan and vxlan do)`);
  }
  return found;
}

/** Sources that fail because the destination is set down: it would stay down for ever. */
function loops(
  destination: LinkRecord,
  sources: readonly (LinkRecord | undefined)[],
  { destinations }: Settings,
  { links }: HostFacts,
): readonly Finding[] {
  const all = [...links.values()];
  const own = new Set([...destinations.values()].map(({ id }) => id));
  return sources.flatMap((source): readonly Finding[] => {
    if (source === undefined || own.has(source.name)) {
      return [];
    }
    const way = wayTo(source, destination, all);
    return way === null
      ? []
      : [
          {
            level: 'warning',
            code: 'kernel-loop',
            subject: destination.name,
            message: `${way}: when it is set down, ${source.name} fails, and both stay down for ever`,
          },
        ];
  });
}

/** How a source stands on a destination, in words; null where it does not. */
function wayTo(source: LinkRecord, destination: LinkRecord, all: readonly LinkRecord[]): string | null {
  const seen = new Set<number>([source.index]);
  let level: readonly { readonly link: LinkRecord; readonly words: string }[] = [
    { link: source, words: source.name },
  ];
  while (level.length > 0) {
    const next: { readonly link: LinkRecord; readonly words: string }[] = [];
    for (const { link, words } of level) {
      for (const lower of all) {
        const relation = relationOf(link, lower);
        if (relation === null || seen.has(lower.index)) {
          continue;
        }
        seen.add(lower.index);
        const longer = `${words} ${relation} ${lower.name}`;
        if (lower.index === destination.index) {
          return longer;
        }
        next.push({ link: lower, words: longer });
      }
    }
    level = next;
  }
  return null;
}

function relationOf(upper: LinkRecord, lower: LinkRecord): string | null {
  if (upper.linkIndex === lower.index) {
    return upper.kind === 'veth' ? 'is the other end of' : 'stands on';
  }
  if (lower.masterIndex === upper.index) {
    return 'is made of';
  }
  // Only an aggregate that owns its ports takes them along; a bridge leaves them alone, but is what they serve.
  return upper.masterIndex === lower.index ? 'is a port of' : null;
}
