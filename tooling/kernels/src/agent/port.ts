import { createReadStream, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** The line to the host. */
export interface Port {
  send(value: object): void;
  /** Calls back with each value that the host sends, in order, for as long as the machine runs. */
  receive(callback: (value: object) => void): void;
}

/** Opens the virtio port that the host calls `agent` (Documentation/ABI/testing/sysfs-class-virtio-ports). */
export function openPort(): Port {
  const ports = '/sys/class/virtio-ports';
  const name = readdirSync(ports).find((port) => readFileSync(`${ports}/${port}/name`, 'utf8') === 'agent\n');
  if (name === undefined) {
    throw new Error(`no port named agent in ${ports}: the host has given this machine none`);
  }
  const fd = openSync(`/dev/${name}`, 'r+');
  return {
    send(value) {
      const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
      for (let sent = 0; sent < bytes.length; ) {
        sent += writeSync(fd, bytes, sent);
      }
    },
    receive(callback) {
      createInterface(createReadStream('', { fd })).on('line', (line) =>
        callback(JSON.parse(line) as object),
      );
    },
  };
}
