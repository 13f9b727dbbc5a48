import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Libc, loadLibc, must, openSocket } from '@ifdepd/libc';
import { until } from '@ifdepd/netlab';

/** linux/un.h: sun_family at 0, sun_path (108 bytes) at 2. */
const SUN_PATH = 2;
const SUN_SIZE = 110;

/** A system logger's end of /dev/log: a real datagram socket. */
export interface Syslog extends Disposable {
  readonly folder: string;
  /** A program and its words: what runs under it finds this socket at /dev/log, in a mount namespace of its own. */
  readonly under: readonly string[];
  /** Messages so far, as the logger got them: `<29>Nov 22 …`. */
  readonly messages: readonly string[];
  /** Waits for a message. */
  message(pattern: RegExp): Promise<string>;
  /** The logger ends. */
  close(): void;
}

// /dev becomes a file system of our own, so that nobody's /dev/log has to exist or is touched.
const script = `set -e
folder=$1; shift
mkdir "$folder/dev"
mount --rbind /dev "$folder/dev"
mount -t tmpfs tmpfs /dev
for name in null zero full random urandom; do touch /dev/$name; mount --bind "$folder/dev/$name" /dev/$name; done
touch /dev/log
mount --bind "$folder/log" /dev/log
exec "$@"`;

/** Opens one. */
export function syslog(): Syslog {
  const libc: Libc = loadLibc();
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-syslog-'));
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'log socket');
  const address = new Uint8Array(SUN_SIZE);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  new TextEncoder().encodeInto(join(folder, 'log'), address.subarray(SUN_PATH));
  must(libc, libc.bind(socket.fd, address), 'bind', 'log socket');

  const messages: string[] = [];
  const buffer = new Uint8Array(8192);
  function drain(): void {
    for (;;) {
      const length = libc.recvfrom(socket.fd, buffer, 0, null);
      if (length < 0) {
        return;
      }
      messages.push(new TextDecoder().decode(buffer.subarray(0, length)).replace(/\0$/, ''));
    }
  }

  return {
    folder,
    under: ['unshare', '--mount', 'sh', '-c', script, 'sh', folder],
    messages,
    message: (pattern) =>
      until(
        () => `a message like ${pattern} in:\n${messages.join('\n')}`,
        () => {
          drain();
          return messages.find((message) => pattern.test(message));
        },
      ),
    close: () => socket.close(),
    [Symbol.dispose]() {
      socket.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
