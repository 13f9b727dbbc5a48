import { ip, type OtherNamespace, otherNamespace } from '@ifdepd/netlab';

/** The network between this machine and a far host, by the number of the site. The range is for benchmarks (RFC 2544, RFC 5180). */
export function near(at: number) {
  return {
    name: `eth${at}`,
    own: `198.18.${at}.1`,
    far: `198.18.${at}.2`,
    own6: `2001:2:0:${at}::1`,
    far6: `2001:2:0:${at}::2`,
    /** Behind the far host. */
    beyond: `198.19.${at}.2`,
    beyondGateway: `198.19.${at}.1`,
  };
}

/** Makes a cable from `eth` and a number here to `far0` of another host, with the addresses of {@link near} at both ends. */
export async function farHost(at: number): Promise<OtherNamespace> {
  const other = await otherNamespace();
  ip('link', 'add', near(at).name, 'type', 'veth', 'peer', 'name', 'far0', 'netns', `${other.pid}`);
  addressBoth(at, other);
  return other;
}

/** Gives both ends of a cable their addresses, and sets them up. */
export function addressBoth(at: number, other: OtherNamespace): void {
  const { name, own, own6, far, far6 } = near(at);
  ip('addr', 'add', `${own}/24`, 'dev', name);
  ip('addr', 'add', `${own6}/64`, 'dev', name, 'nodad');
  ip('link', 'set', name, 'up');
  other.run('ip', 'link', 'set', 'lo', 'up');
  other.run('ip', 'addr', 'add', `${far}/24`, 'dev', 'far0');
  other.run('ip', 'addr', 'add', `${far6}/64`, 'dev', 'far0', 'nodad');
  other.run('ip', 'link', 'set', 'far0', 'up');
}
