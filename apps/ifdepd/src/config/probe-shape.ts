import * as z from 'zod/mini';
import { durationOf } from './duration.ts';
import { parsePrefix } from './ip-prefix.ts';
import { mapping, oneOf, text } from './parts.ts';
import { duration, hostAndPort, name, routeTo, share, speed, systemdUnit, whole } from './values.ts';

/* The shape of the probes of the configuration file. */

const probing = {
  interface: z.optional(name),
  source: z.optional(text('an address of this machine')),
  mark: z.optional(whole(1, 0xffff_ffff)),
  every: z.optional(duration(100)),
  timeout: z.optional(duration(10)),
  rise: z.optional(whole(1, 1000)),
  fall: z.optional(whole(1, 1000)),
  window: z.optional(whole(1, 1000)),
  loss: z.optional(share),
  latency: z.optional(duration(1)),
};
const family = z.optional(z.enum(['ipv4', 'ipv6']));
const route = mapping({ route: routeTo, family, interface: z.optional(name) }).check(({ value, issues }) => {
  const net = parsePrefix(value.route);
  if (net !== null && value.family !== undefined && value.family !== net.family) {
    const message = `${value.route} is ${net.family}; leave the family out`;
    issues.push({ code: 'custom', input: value, path: ['family'], message });
  }
});
const every = z.optional(duration(100));
const errors = mapping({ errors: name, 'at-most': whole(0, 0x7fff_ffff), per: duration(1000), every }).check(
  ({ value, issues }) => {
    if ((durationOf(value.every) ?? 0) > (durationOf(value.per) ?? 0)) {
      issues.push({
        code: 'custom',
        input: value,
        path: ['every'],
        message: "must not be longer than 'per'",
      });
    }
  },
);
const vrid = whole(1, 255);
const advertising = { interface: name, every: z.optional(duration(10)) };
const probes = {
  ping: mapping({ ping: text('an address, or the name of a host'), ...probing }),
  arp: mapping({ arp: text('an address'), ...probing, interface: name }),
  tcp: mapping({ tcp: hostAndPort, ...probing }),
  http: mapping({ http: text('a URL'), expect: z.optional(whole(100, 599)), ...probing }),
  dns: mapping({ dns: text('a name'), server: text('the address of a server'), ...probing }),
  route,
  address: mapping({ address: name, family }),
  speed: mapping({ speed: name, 'at-least': speed, every }),
  bond: mapping({ bond: name, 'at-least': whole(1, 1000), every }),
  // A peer renews a handshake after 120 s (REKEY_AFTER_TIME).
  wireguard: mapping({ wireguard: name, 'handshake-within': duration(121_000), every }),
  errors,
  unit: mapping({ unit: systemdUnit }),
  vrrp: mapping({ vrrp: vrid, ...advertising }),
  peer: mapping({ peer: vrid, ...advertising }),
};
/** The keys that say what a probe asks. */
export const oneProbe = Object.keys(probes).join(', ');
/** A probe. */
export const probe = oneOf({
  noun: `a mapping with one of ${oneProbe}`,
  missing: `must have one of ${oneProbe}`,
  byKey: probes,
});
