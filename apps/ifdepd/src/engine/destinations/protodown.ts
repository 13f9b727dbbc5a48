import type { NetIf, ProtoDown } from '@ifdepd/netif';
import type { Presence } from '@ifdepd/policy';
import { type DestinationDriver, orMissing } from './driver.ts';

/**
 * Our bit among the reasons of IFLA_PROTO_DOWN_REASON. They have no meaning of their own: 0 to 3 are examples in
 * iproute2's documentation, 7 is FRR's, and ip(8) shows no more than the first eight.
 */
const PROTO_DOWN_REASON = 5;

/**
 * Linux: an interface by IFLA_PROTO_DOWN, which takes its carrier and leaves it administratively up. macvlan and vxlan
 * know it, veth does not. It is down while it is held so for our reason: what others hold is theirs to let go.
 *
 * It leaks on macvlan: when the lower device gets its carrier back, so does the macvlan, protodown or not, and
 * protodown has to be written again. Such an interface counts as up, and as slipped: nobody has raised it. One that has its
 * carrier right after protodown was written does not count as slipped: to write it again and again would not help.
 */
export function protodownDestination(
  netif: Pick<NetIf, 'protoDown' | 'setProtoDown' | 'keepsProtoDownReasons'>,
  name: string,
): DestinationDriver {
  /** Undefined: not known yet. A kernel that keeps none has one state for everybody, and it counts as ours. */
  let keepsReasons: boolean | undefined;
  /** Whether it lost its carrier when it was set down last. */
  let held = false;
  let slipped = false;

  const state = () => orMissing(() => netif.protoDown(name) ?? 'missing');

  function isOurs({ reasons }: ProtoDown): boolean {
    const anonymous = keepsReasons === undefined && reasons === 0;
    return (reasons & OUR_BIT) !== 0 || keepsReasons === false || anonymous;
  }

  function presence(now: ProtoDown): 'up' | 'down' {
    return now.on && !now.carrier && isOurs(now) ? 'down' : 'up';
  }

  function read(): Presence {
    const now = state();
    slipped = now !== 'missing' && held && now.on && now.carrier && isOurs(now);
    const is = now === 'missing' ? now : presence(now);
    held ||= is === 'down';
    return is;
  }

  return {
    read,
    hasSlipped: () => slipped,
    set(to, before) {
      const way = to === 'down' ? 'on' : 'off';
      if (before !== undefined && read() !== to) {
        before();
      }
      const { changed, after } = netif.setProtoDown(name, way, PROTO_DOWN_REASON);
      if (to === 'down') {
        keepsReasons = (after.reasons & OUR_BIT) !== 0;
      }
      const is = presence(after);
      held = is === 'down';
      return { changed, is };
    },
    downRequest: () => (keepsReasons === false ? undefined : { name, protoDownReason: PROTO_DOWN_REASON }),
    prepare() {
      keepsReasons = netif.keepsProtoDownReasons(name);
    },
    note() {
      const now = state();
      if (now === 'missing' || !now.on) {
        return null;
      }
      if (keepsReasons === false) {
        return 'this kernel keeps no reasons for protodown (Linux 5.9 and later do): any program that switches it off raises it';
      }
      const others = bitsOf(now.reasons & ~OUR_BIT);
      const nobody = now.reasons === 0 ? 'without a reason' : null;
      const whose = others.length > 0 ? `for reason ${others.join(', ')}` : nobody;
      return whose === null ? null : `protodown set by another program, ${whose}`;
    },
  };
}

const OUR_BIT = 1 << PROTO_DOWN_REASON;

/** The numbers of the bits that are set. */
function bitsOf(reasons: number): readonly number[] {
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((reasons >>> bit) & 1) !== 0);
}
