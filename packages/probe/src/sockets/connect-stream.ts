import { must, type OwnedFd, SystemError } from '@ifdepd/libc';
import type { IpAddress } from '../target/ip-address.ts';
import type { ProbePath } from '../target/path.ts';
import type { HostSystem } from './host-system.ts';
import { openProbeSocket, scopeOf } from './probe-socket.ts';
import { socketAddress } from './socket-address.ts';

/**
 * Connects by TCP, bound as the path says, which Node's own sockets cannot be.
 *
 * @param done gets the connected socket, which it closes, or the error; not after the return value was disposed
 */
export function connectStream(
  host: HostSystem,
  address: IpAddress,
  port: number,
  path: ProbePath,
  done: (socket: OwnedFd | null, error: unknown) => void,
): Disposable {
  const { libc, abi } = host;
  let socket: OwnedFd | null = null;
  let watch: Disposable | null = null;
  const release = () => {
    watch?.[Symbol.dispose]();
    watch = null;
    const held = socket;
    socket = null;
    return held;
  };
  const end = (error: unknown) => {
    const held = release();
    if (error !== null) {
      held?.close();
    }
    done(error === null ? held : null, error);
  };
  const subject = `${address.text} port ${port}`;
  try {
    socket = openProbeSocket(host, address.family, libc.target.socket.SOCK_STREAM, 0, path);
    const { fd } = socket;
    const peer = socketAddress(libc.target, abi, address, port, scopeOf(host, address, path.interface));
    const result = libc.connect(fd, peer);
    if (libc.target.errno[-result]?.[0] !== 'EINPROGRESS') {
      must(libc, result, 'connect', subject);
    }
    // A socket that is connected already is writable at once.
    watch = libc.writable(fd, () => {
      const pending = new Uint8Array(4);
      const asked = libc.getsockopt(fd, libc.target.socket.SOL_SOCKET, abi.SO_ERROR, pending);
      const errno = asked < 0 ? -asked : new DataView(pending.buffer).getInt32(0, true);
      end(errno === 0 ? null : new SystemError(libc.target, errno, 'connect', subject));
    });
  } catch (error) {
    end(error);
  }
  return { [Symbol.dispose]: () => release()?.close() };
}
