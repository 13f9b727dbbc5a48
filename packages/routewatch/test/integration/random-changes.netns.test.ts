import { cable, enterNewNamespace, ip } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import { agreed, watched } from '../support/watch.ts';

beforeEach(enterNewNamespace);

/** A generator of numbers from 0 to below `most`: the same ones for the same seed. */
function randomOf(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

const NETS = ['10.0.0.0/8', '10.1.0.0/16', 'default', '2001:db8:5::/64', '::/0'];

/** One change of the network, as words of ip(8). Many are refused: there is no such route, or the link is down. */
function change(random: (most: number) => number): readonly string[] {
  const at = random(3);
  const dev = `eth${at}`;
  const net = NETS[random(NETS.length)] ?? 'default';
  const six = net.includes(':');
  const via = (index: number) =>
    six ? `2001:db8:${index}::${9 + random(2)}` : `192.0.${index}.${9 + random(2)}`;
  const more = [...(random(3) === 0 ? ['table', '100'] : []), ...(random(2) === 0 ? ['metric', '50'] : [])];
  const verb = ['add', 'replace', 'append', 'change'][random(4)] ?? 'add';
  const family = six ? ['-6'] : [];
  switch (random(15)) {
    case 0:
      return ['link', 'set', dev, 'down'];
    case 1:
    case 2:
      return ['link', 'set', dev, 'up'];
    case 3:
      return ['addr', random(2) === 0 ? 'add' : 'del', `192.0.${at}.1/24`, 'dev', dev];
    case 4:
      return ['addr', 'add', `2001:db8:${at}::1/64`, 'dev', dev, 'nodad'];
    case 5:
      return [...family, 'route', 'del', net, ...more];
    case 6:
      return [...family, 'route', 'del', net, 'via', via(at), 'dev', dev, ...more];
    case 7:
    case 8:
      return [...family, 'route', verb, net, 'nexthop', 'via', via(0), 'nexthop', 'via', via(1), ...more];
    case 9:
      return [...family, 'route', verb, net, 'dev', dev, ...more];
    case 10:
      return [
        'nexthop',
        random(2) === 0 ? 'replace' : 'del',
        'id',
        '7',
        ...(random(2) ? ['via', `192.0.${at}.9`, 'dev', dev] : []),
      ];
    case 12:
      return [
        'addr',
        random(2) === 0 ? 'add' : 'del',
        `192.0.${at}.7`,
        'peer',
        `198.51.100.${at}`,
        'dev',
        dev,
      ];
    case 11:
      return ['route', verb, '10.7.0.0/16', 'nhid', '7'];
    default:
      return [...family, 'route', verb, net, 'via', via(at), 'dev', dev, ...more];
  }
}

test.each([1, 2, 3])(
  'after each of 120 random changes the watch has the routes and the addresses of the kernel (seed %i)',
  async (seed) => {
    for (const at of [0, 1, 2]) {
      cable(`eth${at}`);
      ip('addr', 'add', `192.0.${at}.1/24`, 'dev', `eth${at}`);
      ip('addr', 'add', `2001:db8:${at}::1/64`, 'dev', `eth${at}`, 'nodad');
    }
    const { watch } = watched();
    await agreed(watch);
    const random = randomOf(seed);
    let made = 0;
    for (let step = 0; step < 120; step += 1) {
      const words = change(random);
      try {
        ip(...words);
        made += 1;
      } catch {
        // Refused: the kernel is as it was.
      }
      await agreed(watch);
    }
    expect(made).toBeGreaterThan(40);
    expect(watch.counters).toMatchObject({ bad: 0, overruns: 0, refused: 0 });
  },
);
