import { inOurNamespace, type Read } from './read.ts';

/**
 * What else manages an interface; null where nothing is known to. systemd-networkd and NetworkManager leave a file for
 * each interface, by its index: a number that means another interface in another network namespace. They work in that
 * of process 1, and where it does not show its own, the eldest ancestor that does is asked.
 *
 * A state of networkd that is neither `unmanaged`, `failed` nor gone may raise it. NetworkManager writes `managed=`
 * where that was decided, and nothing for what it leaves alone by itself.
 */
export function managers(read: Read, ancestors: readonly number[]): (index: number) => string | null {
  if (!inOurNamespace(read, [1, ...ancestors.toReversed()])) {
    return () => null;
  }
  return (index) => {
    const networkd = read(`/run/systemd/netif/links/${index}`);
    if (/^ADMIN_STATE=(?:configured|configuring|pending|initialized)$/m.test(networkd)) {
      return 'systemd-networkd';
    }
    return /^managed=true$/m.test(read(`/run/NetworkManager/devices/${index}`)) ? 'NetworkManager' : null;
  };
}
