import { expect, test } from 'vitest';
import { scriptedBsd } from '../../src/index.ts';

const systems = ['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const;
const AF_ROUTE = { freebsd: 17, openbsd: 17, netbsd: 34, dragonfly: 17, darwin: 17 };
const AF_INET6 = { freebsd: 28, openbsd: 24, netbsd: 24, dragonfly: 28, darwin: 30 };
/** `struct rt_msghdr`. */
const HEADER = { freebsd: 152, openbsd: 96, netbsd: 120, dragonfly: 152, darwin: 92 };

test.each(systems)(
  '%s lists the routes of one family, of interfaces that are up, with whole messages',
  (system) => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0');
    kernel.setAdmin('em0', 'up');
    kernel.addRoute('0.0.0.0/0', '192.0.2.9', 'em0');
    kernel.addRoute('0:0:0:0:0:0:0:0/0', 'fe80:2:0:0:0:0:0:9', 'em0');
    const list = (family: number): Uint8Array => {
      const into = new Uint8Array(4096);
      const length = kernel.libc.sysctl([4, AF_ROUTE[system], 0, family, 1, 0], into, null);
      return into.subarray(0, length);
    };
    const four = list(2);
    expect(new DataView(four.buffer).getUint16(0, true)).toBe(four.byteLength);
    // The destination stands first: a sockaddr_in of 16 bytes.
    expect([...four.subarray(HEADER[system], HEADER[system] + 2)]).toEqual([16, 2]);
    expect([...list(AF_INET6[system]).subarray(HEADER[system], HEADER[system] + 2)]).toEqual([
      28,
      AF_INET6[system],
    ]);
    kernel.setAdmin('em0', 'down');
    expect(list(2)).toHaveLength(0);
  },
);
