import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc, must, openSocket } from '@ifdepd/libc';
import { until } from '@ifdepd/netlab';

/** A service manager of sd_notify(3). */
export interface ServiceManager extends Disposable {
  /** For NOTIFY_SOCKET. */
  readonly path: string;
  /** Reads what it was sent since. @returns each message, in order */
  read(): readonly string[];
  /** Forgets what it was sent so far: `message` waits for what comes from now on. */
  forget(): void;
  /** Waits for a message. */
  message(pattern: RegExp): Promise<string>;
}

/** A service manager's end: a real datagram socket. @param name its path or abstract name, in a folder of its own */
export function serviceManager(
  name: (folder: string) => string = (folder) => join(folder, 'notify'),
): ServiceManager {
  const libc = loadLibc();
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-notify-'));
  const path = name(folder);
  const { SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const socket = openSocket(libc, 1, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'notify socket');
  const bytes = new TextEncoder().encode(path);
  const address = new Uint8Array(2 + bytes.byteLength);
  new DataView(address.buffer).setUint16(0, 1, true);
  address.set(bytes, 2);
  if (path.startsWith('@')) {
    address[2] = 0;
  }
  must(libc, libc.bind(socket.fd, address), 'bind', path);
  const messages: string[] = [];
  const buffer = new Uint8Array(4096);
  function read(): readonly string[] {
    const fresh: string[] = [];
    for (let length = 1; length > 0; ) {
      length = libc.recvfrom(socket.fd, buffer, 0, null);
      if (length > 0) {
        fresh.push(new TextDecoder().decode(buffer.subarray(0, length)));
      }
    }
    messages.push(...fresh);
    return fresh;
  }

  return {
    path,
    read,
    forget() {
      read();
      messages.length = 0;
    },
    message(pattern) {
      return until(
        () => `${pattern} in ${messages.join(' | ')}`,
        () => {
          read();
          return messages.find((one) => pattern.test(one));
        },
      );
    },
    [Symbol.dispose]() {
      socket.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
