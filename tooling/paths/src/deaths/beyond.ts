import { filter, firewallFault, ip, otherNamespace } from '@ifdepd/netlab';
import { type Death, probe } from '../death.ts';
import { farHost, near } from '../far-host.ts';
import { services } from '../services.ts';

/** The gateway answers for itself, and forwards nothing. */
export const blackHole: Death = {
  number: 3,
  name: 'gateway forwards nothing',
  fault: firewallFault,
  async make({ at, everyMs }) {
    const { name, far, beyond, beyondGateway } = near(at);
    const gateway = await farHost(at);
    const server = await otherNamespace();
    gateway.run(
      'ip',
      'link',
      'add',
      'wan0',
      'type',
      'veth',
      'peer',
      'name',
      'far0',
      'netns',
      `${server.pid}`,
    );
    gateway.run('ip', 'addr', 'add', `${beyondGateway}/24`, 'dev', 'wan0');
    gateway.run('ip', 'link', 'set', 'wan0', 'up');
    gateway.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
    server.run('ip', 'addr', 'add', `${beyond}/24`, 'dev', 'far0');
    server.run('ip', 'link', 'set', 'far0', 'up');
    server.run('ip', 'route', 'add', 'default', 'via', beyondGateway);
    ip('route', 'add', `${beyond}/32`, 'via', far, 'dev', name);
    const running = await server.serve(services);
    return {
      sources: [
        probe('ping', { ping: beyond }, everyMs),
        probe('tcp', { tcp: `${beyond}:80` }, everyMs),
        probe('http', { http: `http://${beyond}/` }, everyMs),
        probe('dns', { dns: 'example.net', server: beyond }, everyMs),
      ],
      kill: () => void gateway.run('nft', filter('forward', 'drop')),
      mend: () => void gateway.run('nft', filter('forward', 'accept')),
      [Symbol.dispose]() {
        running[Symbol.dispose]();
        server[Symbol.dispose]();
        gateway[Symbol.dispose]();
      },
    };
  },
};
