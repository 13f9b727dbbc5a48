import { ip, type OtherNamespace, otherNamespace, until } from '@ifdepd/netlab';

/**
 * Makes `eth0` of this namespace, 192.0.2.1/24 and 2001:db8::1/64, with a cable to a host that has 192.0.2.2, 192.0.2.3 and
 * 2001:db8::2, and fe80::2.
 */
export async function farHost(): Promise<OtherNamespace> {
  const other = await otherNamespace();
  const { pid, run } = other;
  ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'far0', 'netns', `${pid}`);
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'addr', 'add', '192.0.2.2/24', 'dev', 'far0');
  run('ip', 'addr', 'add', '192.0.2.3/24', 'dev', 'far0');
  run('ip', 'addr', 'add', '2001:db8::2/64', 'dev', 'far0', 'nodad');
  run('ip', 'addr', 'add', 'fe80::2/64', 'dev', 'far0', 'nodad');
  run('ip', 'link', 'set', 'far0', 'up');
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
  ip('addr', 'add', '2001:db8::1/64', 'dev', 'eth0', 'nodad');
  ip('addr', 'add', 'fe80::1/64', 'dev', 'eth0', 'nodad');
  ip('link', 'set', 'eth0', 'up');
  // IPv6 adds the routes of a link when it has noticed the carrier.
  const multicast = ['-6', 'route', 'show', 'table', 'local', 'type', 'multicast', 'dev'];
  await until('IPv6 at both ends of the cable', () => {
    const [near, other] = [ip(...multicast, 'eth0'), run('ip', ...multicast, 'far0')];
    return near.includes('ff00::/8') && other.includes('ff00::/8');
  });
  return other;
}
