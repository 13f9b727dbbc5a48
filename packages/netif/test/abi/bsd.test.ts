import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { abis, type NetIfAbi, netbsd8 } from '../../src/index.ts';

type Numbers = Readonly<Record<string, number>>;
type Headers = Readonly<Record<string, Numbers>> & { readonly strings: Readonly<Record<string, string>> };

const headers = JSON.parse(
  readFileSync(new URL('../fixtures/abi.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Headers>>;

describe.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const)('%s', (platform) => {
  const abi: NetIfAbi = abis[platform];
  const header = headers[platform] as Headers;

  test('the layout of struct ifreq equals that of the headers', () => {
    const { IFNAMSIZ, ifr_flagshigh, ...layout } = abi.ifreq;
    expect(header['struct_ifreq']).toMatchObject(layout);
    expect(header['struct_ifreq']?.['ifr_flagshigh'] ?? null).toBe(ifr_flagshigh);
    expect(header['limits']).toMatchObject({ IFNAMSIZ });
  });

  test('flags and their requests equal those of the headers', () => {
    const { SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP, IFF_RUNNING, IFF_LOOPBACK } = abi;
    expect(header['ioctl']).toMatchObject({ SIOCGIFFLAGS, SIOCSIFFLAGS });
    expect(header['iff']).toMatchObject({ IFF_UP, IFF_RUNNING, IFF_LOOPBACK });
  });

  test('the numbers of media equal those of the headers', () => {
    const { link } = abi;
    expect(link.how).toBe('ifmedia');
    if (link.how === 'ifmedia') {
      expect(header['struct_ifmediareq']).toMatchObject(link.ifmediareq);
      expect(header['ifm']).toMatchObject({ IFM_AVALID: link.IFM_AVALID, IFM_ACTIVE: link.IFM_ACTIVE });
      for (const { name, request } of link.requests) {
        expect(header['ioctl']?.[name]).toBe(request);
      }
      expect(link.requests.length).toBe('SIOCGIFXMEDIA' in (header['ioctl'] ?? {}) ? 2 : 1);
      for (const code of link.noMedia) {
        expect(header['errno']).toHaveProperty(code);
      }
    }
  });

  test('the numbers of carp equal those of the headers', () => {
    const { carp } = abi;
    expect(carp !== null).toBe('struct_carpreq' in header);
    if (carp !== null) {
      const { size, nodes, carpr_advbase, carpr_count, carpr_carpdev } = carp.carpreq;
      const plain = nodes.count === 1;
      expect(header['struct_carpreq']).toMatchObject({
        size,
        carpr_advbase,
        ...(plain
          ? {
              carpr_vhid: nodes.carpr_vhid,
              carpr_state: nodes.carpr_state,
              carpr_advskew: nodes.carpr_advskew,
            }
          : {
              carpr_vhids: nodes.carpr_vhid,
              carpr_states: nodes.carpr_state,
              carpr_advskews: nodes.carpr_advskew,
            }),
      });
      expect(header['struct_carpreq']?.['carpr_count'] ?? null).toBe(carpr_count);
      expect(header['struct_carpreq']?.['carpr_carpdev'] ?? null).toBe(carpr_carpdev);
      expect(nodes.width).toBe(plain ? 4 : 1);
      expect(header['carp']?.['CARP_MAXNODES'] ?? 1).toBe(nodes.count);
      expect(header['ioctl']).toMatchObject({ SIOCGVH: carp.SIOCGVH });
      expect([null, header['ioctl']?.['SIOCSVH']]).toContain(carp.SIOCSVH);
    }
  });

  test('the numbers of demotion equal those of the headers', () => {
    const { demotion } = abi;
    if (demotion?.how === 'group') {
      const { SIOCGIFGATTR, SIOCSIFGATTR, ifgroupreq } = demotion;
      expect(header['ioctl']).toMatchObject({ SIOCGIFGATTR, SIOCSIFGATTR });
      expect(header['struct_ifgroupreq']).toMatchObject(ifgroupreq);
      expect(header['struct_ifg_attrib']).toMatchObject({ ifg_carp_demoted: 0 });
    } else {
      expect(header.strings['carp_demotion_sysctl'] ?? null).toBe(demotion?.sysctl ?? null);
    }
  });

  test('the errno of a missing interface equals that of the headers', () => {
    expect(header['errno']).toHaveProperty(abi.noSuchInterface);
  });
});

/** Every request of a table with the structure it is for: sys/ioccom.h puts the size and the direction into the number. */
function sizedRequests(abi: NetIfAbi): [name: string, request: number, size: number][] {
  const { link, carp, demotion, privilegeProbe: probe, ifreq } = abi;
  const media = link.how === 'ifmedia' ? link : undefined;
  const group = demotion?.how === 'group' ? demotion : undefined;
  const metric = probe.how === 'same-value' ? [probe.read, probe.write] : [];
  return [
    ['SIOCGIFFLAGS', abi.SIOCGIFFLAGS, ifreq.size],
    ['SIOCSIFFLAGS', abi.SIOCSIFFLAGS, ifreq.size],
    ...metric.map(({ name, request }): [string, number, number] => [name, request, ifreq.size]),
    ...(media?.requests ?? []).map(({ name, request }): [string, number, number] => [
      name,
      request,
      media?.ifmediareq.size ?? 0,
    ]),
    ...(carp === null ? [] : [['SIOCGVH', carp.SIOCGVH, ifreq.size] as [string, number, number]]),
    ...(group === undefined
      ? []
      : ([
          ['SIOCGIFGATTR', group.SIOCGIFGATTR, group.ifgroupreq.size],
          ['SIOCSIFGATTR', group.SIOCSIFGATTR, group.ifgroupreq.size],
        ] as [string, number, number][])),
  ];
}

const bsds = {
  freebsd: abis.freebsd,
  openbsd: abis.openbsd,
  netbsd: abis.netbsd,
  netbsd8,
  dragonfly: abis.dragonfly,
};

describe.each(Object.entries({ ...bsds, darwin: abis.darwin }))(
  '%s: a request number contains',
  (_name, abi) => {
    test.each(sizedRequests(abi))(
      '%s: the size of its structure and its direction',
      (_request, number, size) => {
        expect((number >>> 16) & 0x1fff).toBe(size);
        expect((number & 0x80000000) !== 0).toBe(true);
        expect(String.fromCharCode((number >>> 8) & 0xff)).toBe('i');
      },
    );
  },
);

test('the metric is request 23 to read and 24 to write on every BSD', () => {
  for (const { privilegeProbe } of Object.values(bsds)) {
    expect(
      privilegeProbe.how === 'same-value' && [
        privilegeProbe.read.request & 0xff,
        privilegeProbe.write.request & 0xff,
      ],
    ).toEqual([23, 24]);
  }
});

test('the table of NetBSD 8 differs in one number', () => {
  const old = headers['netbsd']?.['netbsd7_8_values_do_not_use'];
  expect(netbsd8.link.requests).toEqual([{ name: 'SIOCGIFMEDIA', request: old?.['SIOCGIFMEDIA_nb8'] }]);
  expect({ ...netbsd8, link: null }).toEqual({ ...abis.netbsd, link: null });
  expect({ ...netbsd8.link, requests: null }).toEqual({ ...abis.netbsd.link, requests: null });
});
