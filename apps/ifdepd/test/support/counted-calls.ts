import { type ScriptedCall, scriptedLibc } from '@ifdepd/libc/testing';
import { datagram, done, linkRecord, newLink } from '@ifdepd/linkwatch/testing';

const ENOENT = 2;
const EAGAIN = 11;
const IFF_UP = 1;

/** linux/sockios.h */
const REQUESTS: Readonly<Record<number, string>> = {
  35091: 'SIOCGIFFLAGS',
  35092: 'SIOCSIFFLAGS',
  35111: 'SIOCGIFHWADDR',
  35123: 'SIOCGIFINDEX',
  35142: 'SIOCETHTOOL',
};

/** A scripted Linux: a socket with the messages of `queue`, destinations with `flags`, files of em0; it records each call. */
export function countedCalls() {
  const flags = new Map([
    ['carp0', IFF_UP],
    ['carp1', IFF_UP],
  ]);
  const queue: Uint8Array[] = [];
  const list = { sequence: 1, multi: true };
  /** The texts of the files of em0, by path. */
  const files = new Map<string, string>();
  const open: string[] = [];
  const libc = scriptedLibc({
    open: (path) => (files.has(path) ? 1000 + open.push(path) - 1 : -ENOENT),
    pread(fd, into) {
      const text = files.get(open[fd - 1000] ?? '') ?? '';
      return new TextEncoder().encodeInto(text, into).written;
    },
    bind: () => 0,
    setsockopt: () => 0,
    sendto(_fd, bytes) {
      const links = ['em0', 'carp0', 'carp1'].map((name, at) => linkRecord({ index: at + 2, name }));
      queue.push(datagram(...links.map((link) => newLink(link, list)), done(list)));
      return bytes.byteLength;
    },
    recvfrom(_fd, into) {
      const message = queue.shift();
      into.set(message ?? []);
      return message?.byteLength ?? -EAGAIN;
    },
    ioctl(_fd, request, ifreq) {
      const name = new TextDecoder().decode(ifreq.subarray(0, ifreq.indexOf(0)));
      const view = new DataView(ifreq.buffer, ifreq.byteOffset, ifreq.byteLength);
      if (REQUESTS[request] === 'SIOCSIFFLAGS') {
        flags.set(name, view.getUint16(16, true));
      } else if (REQUESTS[request] === 'SIOCETHTOOL') {
        // struct ethtool_value: a carrier.
        new DataView(libc.at(view.getBigUint64(16, true)).buffer).setUint32(4, 1, true);
      } else if (REQUESTS[request] === 'SIOCGIFINDEX') {
        view.setInt32(16, 2, true);
      } else if (REQUESTS[request] === 'SIOCGIFFLAGS') {
        view.setUint16(16, flags.get(name) ?? 0, true);
      }
      return 0;
    },
  });
  return { libc, flags, queue, files };
}

/** The names of system calls, in order; of ioctl(2) with its request. */
export function namesOf(calls: readonly ScriptedCall[]): readonly string[] {
  return calls.map(({ name, values }) => {
    const [, request] = values;
    return name === 'ioctl' ? `${name} ${REQUESTS[Number(request)]}` : name;
  });
}
