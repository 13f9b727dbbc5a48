import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A socket on which both sides write a JSON value a line. */
export interface LineSocket extends Disposable {
  send(value: object): void;
}

/**
 * Connects to a socket of QEMU.
 *
 * @param path its path, at most 107 bytes
 * @param receive called with each value
 * @param ended called when QEMU has closed it
 * @throws {Error} where nobody listens there
 */
export async function lineSocket(
  path: string,
  receive: (value: object) => void,
  ended: () => void = () => {},
): Promise<LineSocket> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect(path, () => resolve(opening)).once('error', reject);
  });
  const lines = createInterface(socket).on('line', (line) => {
    if (line.startsWith('{')) {
      receive(JSON.parse(line) as object);
    }
  });
  // What ends the socket ends QEMU, and that is reported. The reader of lines passes the errors of its socket on.
  for (const source of [socket, lines]) {
    source.on('error', () => {});
  }
  socket.once('close', ended);
  return {
    send: (value) => void socket.write(`${JSON.stringify(value)}\n`),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
