import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { filter, firewallFault, ip } from '@ifdepd/netlab';
import { type Death, probe } from '../death.ts';

/** A frame of VXLAN network 5, with an IPv4 packet whose sender does not hear of congestion. */
const FRAME = Buffer.from(
  `0800000000000500ffffffffffff0200000000990800${'4500001c000000004011000000000000c0000202'}0000000000000000`,
  'hex',
);

/** How many frames are broken, and how many the probe accepts. */
const BROKEN = 5;
const ACCEPTED = 3;

async function send(port: number): Promise<void> {
  const sender = createSocket('udp4');
  for (let left = BROKEN; left > 0; left -= 1) {
    await new Promise((sent) => sender.send(FRAME, port, '127.0.0.1', sent));
  }
  await new Promise<void>((closed) => sender.close(closed));
}

/** A packet says that it met congestion, and the frame in it cannot say so: the VXLAN counts a receive error. */
export const wireErrors: Death = {
  number: 9,
  name: 'errors on the wire',
  fault: firewallFault,
  async make({ at, everyMs }) {
    const [name, port] = [`vx${at}`, 4700 + at];
    ip('link', 'set', 'lo', 'up');
    ip('link', 'add', name, 'type', 'vxlan', 'id', '5', 'dstport', `${port}`, 'local', '127.0.0.1');
    ip('link', 'set', name, 'up');
    execFileSync('nft', ['-f', '-'], { input: filter('output', `udp dport ${port} ip ecn set ce`) });
    const settings = { errors: name, 'at-most': ACCEPTED, per: `${3 * everyMs}ms` };
    return {
      sources: [probe('errors', settings, everyMs)],
      kill: () => send(port),
      // The window passes.
      mend: () => {},
      [Symbol.dispose]() {},
    };
  },
};
