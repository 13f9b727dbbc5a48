import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { expect, test } from 'vitest';
import { openProbes, type Probe, type ProbeListener, type ProbeTarget } from '../src/index.ts';
import { scriptedHosts } from '../src/testing/index.ts';

const fast = { everyMs: 10, timeoutMs: 10 } as const;
const EPERM = 1;
const EACCES = 13;
const ENOBUFS = 105;

/** Waits for the next verdict of a target. */
function verdicts(): { readonly listener: ProbeListener; next(): Promise<Probe> } {
  const waiting: ((probe: Probe) => void)[] = [];
  return {
    listener: { onVerdict: (probe) => waiting.shift()?.(probe) },
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

test.each(['192.0.2.1', '2001:db8::1'])(
  'a scripted host %s answers, falls silent and comes back',
  async (host) => {
    const hosts = scriptedHosts(host);
    using probes = openProbes({ libc: hosts.libc });
    const { listener, next } = verdicts();
    probes.add({ kind: 'ping', host, ...fast }, listener);
    expect(await next()).toMatchObject({ verdict: 'active' });
    hosts.answering.clear();
    expect(await next()).toMatchObject({ verdict: 'failed' });
    hosts.answering.add(host);
    expect(await next()).toMatchObject({ verdict: 'active' });
  },
);

test('a host that cannot be sent to loses its verdict, and names the errno', async () => {
  const hosts = scriptedHosts('192.0.2.1');
  using probes = openProbes({ libc: hosts.libc });
  const { listener, next } = verdicts();
  const probe = probes.add({ kind: 'ping', host: '192.0.2.1', ...fast }, listener);
  await next();
  hosts.refusal = ENOBUFS;
  expect(await next()).toMatchObject({ verdict: 'unknown' });
  expect(probe.reason).toBe('cannot probe: 192.0.2.1: no buffer space available (sendto: ENOBUFS)');
});

test('a system that allows neither socket says which right is missing', async () => {
  const { SOCK_RAW } = targetOf('linux').socket;
  const libc = scriptedLibc({ socket: (_, type) => ((type & 0xf) === SOCK_RAW ? -EPERM : -EACCES) });
  using probes = openProbes({ libc });
  const probe = await new Promise<Probe>((resolve) => {
    probes.add({ kind: 'ping', host: '192.0.2.1', ...fast }, { onResult: (_, one) => resolve(one) });
  });
  expect(probe.reason).toBe(
    'cannot probe: ICMP needs CAP_NET_RAW, or a group of this process in net.ipv4.ping_group_range (EPERM)',
  );
});

test('a target that is wrong is refused, and nothing is opened', () => {
  const libc = scriptedLibc();
  using probes = openProbes({ libc });
  expect(() => probes.add({ kind: 'ping', host: '' } as ProbeTarget, {})).toThrow(RangeError);
  expect(libc.calls).toEqual([]);
});

test('a probe that was closed calls nobody back', async () => {
  const hosts = scriptedHosts('192.0.2.1');
  using probes = openProbes({ libc: hosts.libc });
  let results = 0;
  const closed = probes.add({ kind: 'ping', host: '192.0.2.1', ...fast }, { onResult: () => (results += 1) });
  const { listener, next } = verdicts();
  closed.close();
  closed.close();
  probes.add({ kind: 'ping', host: '192.0.2.1', ...fast }, listener);
  await next();
  expect(results).toBe(0);
});

test('a listener that closes its probe hears no more', async () => {
  const hosts = scriptedHosts('192.0.2.1');
  using probes = openProbes({ libc: hosts.libc, random: () => 0 });
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    probes.add(
      { kind: 'ping', host: '192.0.2.1', ...fast, rise: 1 },
      {
        onResult: ({ type }, probe) => {
          heard.push(type);
          probe.close();
          setImmediate(resolve);
        },
        onVerdict: () => void heard.push('verdict'),
      },
    );
  });
  expect(heard).toEqual(['answered']);
});
