import { closeSync, openSync } from 'node:fs';
import { loadLibc, must } from '@ifdepd/libc';
import { tapFault } from '@ifdepd/netlab';
import type { LinkOperation } from '../../../src/index.ts';
import type { HostFacts } from './program.ts';
import { openRun, type Run } from './run-program.ts';

/** linux/sched.h, linux/if_tun.h */
const CLONE_NEWNET = 0x40000000;
const TUNSETIFF = 0x400454ca;
const [IFF_TAP, IFF_NO_PI] = [0x2, 0x1000];

/** Opens a run in a new namespace, which this thread is in from now on. */
export function realRun(tap: string | null): Run {
  const libc = loadLibc();
  must(libc, libc.unshare(CLONE_NEWNET), 'unshare CLONE_NEWNET', 'network namespace');
  const run = openRun(libc);
  if (tap === null) {
    return run;
  }
  const fd = openSync('/dev/net/tun', 'r+');
  const request = new Uint8Array(40);
  new TextEncoder().encodeInto(tap, request.subarray(0, 15));
  new DataView(request.buffer).setUint16(16, IFF_TAP | IFF_NO_PI, true);
  must(libc, libc.ioctl(fd, TUNSETIFF, request), 'ioctl TUNSETIFF', tap);
  return {
    ...run,
    [Symbol.dispose]() {
      run[Symbol.dispose]();
      closeSync(fd);
    },
  };
}

/** What programs this kernel can run. */
export function hostFacts(): HostFacts {
  using run = realRun(null);
  run.apply({ op: 'create', kind: 'veth', name: 'below', peer: 'peer' });
  const one = { op: 'create', name: 'one' } as const;
  const made: LinkOperation[] = [
    { ...one, kind: 'veth', peer: 'two' },
    { ...one, kind: 'bridge' },
    { ...one, kind: 'macvlan', on: 'below', id: 2 },
    { ...one, kind: 'vlan', on: 'below', id: 2 },
    { ...one, kind: 'dummy' },
    { ...one, kind: 'bond' },
  ];
  run.apply({ op: 'admin', name: 'below', to: 'up', by: 'ioctl' });
  const renamesWhatIsUp = run.apply({ op: 'rename', name: 'below', to: 'other' }) === null;
  run.apply({ op: 'rename', name: 'other', to: 'below' });
  const kinds = made.flatMap((operation) => {
    const refusal = run.apply(operation);
    run.apply({ op: 'delete', name: one.name });
    return refusal === null && operation.op === 'create' ? [operation.kind] : [];
  });
  return { kinds, taps: tapFault() === null, renamesWhatIsUp };
}
