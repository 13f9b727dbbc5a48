import type { NetIfAbi, SameValueProbe } from './netif-abi.ts';

/** net/if.h, of every BSD and macOS. */
export const bsdFlags = { IFF_UP: 0x1, IFF_RUNNING: 0x40, IFF_LOOPBACK: 0x8 } as const;

/** sys/sockio.h of the systems whose `struct ifreq` has 32 bytes. The size is a part of the number. */
export const requestsOf32 = { SIOCGIFFLAGS: 0xc0206911, SIOCSIFFLAGS: 0x80206910 } as const;

/** The same for NetBSD, whose `struct ifreq` has 144 bytes because its union holds a sockaddr_storage. */
export const requestsOf144 = { SIOCGIFFLAGS: 0xc0906911, SIOCSIFFLAGS: 0x80906910 } as const;

/**
 * if_metric: each kernel checks the privilege and then stores the number, which no kernel uses and no message reports (net/if.c,
 * SIOCSIFMETRIC). sys/sockio.h: _IOWR('i', 23, struct ifreq), _IOW('i', 24, struct ifreq).
 */
export const metricProbeOf32 = {
  how: 'same-value',
  read: { name: 'SIOCGIFMETRIC', request: 0xc0206917 },
  write: { name: 'SIOCSIFMETRIC', request: 0x80206918 },
} as const satisfies SameValueProbe;

/** The same for NetBSD. */
export const metricProbeOf144 = {
  how: 'same-value',
  read: { name: 'SIOCGIFMETRIC', request: 0xc0906917 },
  write: { name: 'SIOCSIFMETRIC', request: 0x80906918 },
} as const satisfies SameValueProbe;

/** net/if_media.h. */
export const ifmStatus = { IFM_AVALID: 0x1, IFM_ACTIVE: 0x2 } as const;

/**
 * The errnos of SIOCGIFMEDIA for an interface without media. ENOTTY was seen on NetBSD, EINVAL on FreeBSD. The others are what a
 * driver may return for a request that it does not know.
 */
export const noMedia: readonly string[] = ['ENOTTY', 'EINVAL', 'EOPNOTSUPP', 'ENOTSUP'];

/** The errnos of SIOCGVH for an interface that is no carp: its driver does not know the request. */
export const noCarp: readonly string[] = noMedia;

/** The errno of ifioctl() on every BSD and macOS. Seen on NetBSD and FreeBSD. */
export const noSuchInterface = 'ENXIO' satisfies NetIfAbi['noSuchInterface'];
