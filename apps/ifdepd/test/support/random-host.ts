import { writeFileSync } from 'node:fs';
import type { Random } from '@ifdepd/faults';
import { enterNewNamespace, ip } from '@ifdepd/netlab';

/** A small host that a seed decides: what it was made by, and what there is to choose from. */
export interface RandomHost {
  /** The commands that were taken, to make it again by hand. */
  readonly script: readonly string[];
  /** Every interface that may be a source or a destination, besides `s0`: a cable that nothing else stands on. */
  readonly names: readonly string[];
  /** Those among them that get their carrier from another one. */
  readonly stacked: readonly { readonly name: string; readonly lower: string }[];
  /** Those whose driver knows protodown. */
  readonly protodown: readonly string[];
}

/** Kinds of links that one on another makes; those that this kernel does not know are left out. */
const STACKED: readonly ((name: string, lower: string, id: number) => string)[] = [
  (name, lower) => `link add dev ${name} link ${lower} type macvlan`,
  (name, lower) => `link add dev ${name} link ${lower} type macvtap`,
  (name, lower, id) => `link add dev ${name} link ${lower} type vlan id ${id}`,
  (name, lower, id) => `link add dev ${name} link ${lower} type vlan id ${id} loose_binding on`,
  (name, lower, id) => `link add dev ${name} type vxlan id ${id} dev ${lower} dstport ${4000 + id}`,
  (name) => `link add dev ${name} type ifb`,
];

const MASTERS = ['bridge', 'bridge', 'bond miimon 10', 'bond'] as const;

/** Makes one in a new network namespace. */
export function randomHost(random: Random): RandomHost {
  enterNewNamespace();
  const script: string[] = [];
  const names: string[] = [];
  const stacked: { name: string; lower: string }[] = [];
  const protodown: string[] = [];
  /** What does not go, such as a macvlan on the port of a bridge, is left out. */
  const tried = (command: string): boolean => {
    try {
      ip(...command.split(' '));
      script.push(`ip ${command}`);
      return true;
    } catch {
      return false;
    }
  };
  const sysctl = (path: string, value: number): void => {
    writeFileSync(`/proc/sys/net/ipv6/conf/${path}`, `${value}`);
    script.push(`echo ${value} > /proc/sys/net/ipv6/conf/${path}`);
  };
  sysctl('default/dad_transmits', 0);
  for (const name of ['s0', 'e0', 'e1', 'e2']) {
    tried(`link add dev ${name} type veth peer name ${name}-x`);
    tried(`link set dev ${name}-x up`);
    tried(`link set dev ${name} up`);
  }
  const free = ['e0', 'e1', 'e2'];
  names.push(...free, 'e2-x');
  for (let at = 0; at < 2; at += 1) {
    const master = `m${at}`;
    if (random.chance(0.5) && tried(`link add dev ${master} type ${random.pick(MASTERS)}`)) {
      for (const port of free.splice(0, 1 + random.below(2))) {
        tried(`link set dev ${port} down`);
        tried(`link set dev ${port} master ${master}`);
        tried(`link set dev ${port} up`);
      }
      tried(`link set dev ${master} up`);
      names.push(master);
    }
  }
  for (let at = 0; at < 3; at += 1) {
    const [name, lower] = [`u${at}`, random.pick(names)];
    const command = random.pick(STACKED)(name, lower, 10 + at);
    if (tried(command) && tried(`link set dev ${name} up`)) {
      names.push(name);
      if (/ type (?:macvlan|vxlan)/.test(command)) {
        protodown.push(name);
      }
      if (command.includes(' link ')) {
        // Not always the one that was named: a macvlan of a macvlan stands on what that stands on.
        const [shown] = JSON.parse(ip('-j', 'link', 'show', 'dev', name)) as { link?: string }[];
        stacked.push({ name, lower: shown?.link ?? lower });
      }
      if (random.chance(0.3)) {
        tried(`link set dev ${name} master m0`);
      }
    }
  }
  sysctl('all/keep_addr_on_down', random.pick([0, 0, 0, 1, -1]));
  for (const [at, name] of names.entries()) {
    sysctl(`${name}/keep_addr_on_down`, random.pick([0, 1, 1, -1]));
    const maybe = (command: string): boolean => random.chance(0.3) && tried(command);
    const [net, four, six] = [at + 1, `10.${at + 1}.0`, `2001:db8:${at + 1}:`];
    if (random.chance(0.7)) {
      tried(`addr add ${four}.1/24 dev ${name}`);
      maybe(`route add 10.${100 + net}.0.0/16 via ${four}.2`);
      maybe(`route add 10.${120 + net}.0.0/16 via ${four}.2 proto static table 77`);
      maybe(`nexthop add id ${net} via ${four}.2 dev ${name}`) &&
        maybe(`route add 10.${140 + net}.0.0/16 nhid ${net}`);
      maybe(`route add multicast 239.${net}.0.0/16 dev ${name}`);
      maybe(`route add broadcast 10.200.${net}.255 dev ${name}`);
      maybe(`route add local 10.${160 + net}.0.0/16 dev ${name}`);
      maybe(`neigh add ${four}.7 lladdr 02:00:00:00:00:07 dev ${name} nud permanent`);
    }
    maybe(`addr add ${six}:1/64 dev ${name} nodad`) &&
      maybe(`route add 2001:db8:${100 + net}::/64 via ${six}:2`);
    maybe(`route add local 2001:db8:${200 + net}::/64 dev ${name}`);
    maybe(`addr add ${six}:5/64 dev ${name} nodad valid_lft 3600 preferred_lft 1800`);
    maybe(`addr add fe80::${net}/64 dev ${name} nodad`);
    maybe(`neigh add proxy ${six}:8 dev ${name}`);
  }
  const hops = (gateway: (nth: number) => string): string =>
    names
      .slice(0, 1 + random.below(2))
      .map((_, at) => (random.below(names.length) + at) % names.length)
      .map((nth) => `nexthop via ${gateway(nth + 1)} dev ${names[nth]}`)
      .join(' ');
  for (const net of ['default', '10.250.0.0/16', '10.251.0.0/16 table 77']) {
    if (random.chance(0.5)) {
      tried(`route add ${net} ${hops((nth) => `10.${nth}.0.2`)}`);
    }
  }
  for (const net of ['default', '2001:db8:fa::/64']) {
    if (random.chance(0.5)) {
      tried(`-6 route add ${net} ${hops((nth) => `2001:db8:${nth}::2`)}`);
    }
  }
  return { script, names, stacked, protodown };
}
