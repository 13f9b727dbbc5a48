import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { OtherNamespace } from '@ifdepd/netlab';

/** What a client has sent since a moment, as far as it is known by now. */
export interface Traffic {
  readonly sent: number;
  readonly lost: number;
  /** The longest time from the first lost packet to the next one that was answered, in milliseconds. */
  readonly outageMs: number;
  /** How long the last packets have been answered without a loss, in milliseconds. */
  readonly flowsMs: number;
}

/** A client that sends numbered packets to a server, which sends them back. */
export interface Client extends Disposable {
  /** Forgets what was sent. */
  mark(): void;
  report(): Promise<Traffic>;
}

/** Milliseconds between two packets, and after which an answer comes too late: what waited for ARP is no service. */
export const EVERY_MS = 2;
const LIMIT_MS = 250;

/** Sends packets back, on UDP port 7. */
export const echoServer = `
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address, () => {}));
socket.on('error', () => {});
socket.bind(7, () => console.log('serves'));`;

const client = (address: string) => `
const socket = require('node:dgram').createSocket('udp4');
socket.on('error', () => {});
let packets = [];
let first = 0;
socket.on('message', (bytes) => {
  const packet = packets[bytes.readUInt32BE() - first];
  if (packet !== undefined && performance.now() - packet.at <= ${LIMIT_MS}) packet.answered = true;
});
socket.bind(() => setInterval(() => {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(first + packets.length);
  packets.push({ at: performance.now(), answered: false });
  socket.send(bytes, 7, '${address}', () => {});
}, ${EVERY_MS}));
require('node:readline').createInterface(process.stdin).on('line', (line) => {
  if (line === 'mark') { first += packets.length; packets = []; return; }
  const known = packets.filter(({ at }) => performance.now() - at > ${LIMIT_MS});
  let [lost, outageMs, from, since] = [0, 0, null, known[0]?.at ?? 0];
  for (const { at, answered } of known) {
    if (answered) {
      outageMs = Math.max(outageMs, from === null ? 0 : at - from);
      since = from === null ? since : at;
      from = null;
    } else {
      lost += 1;
      from ??= at;
    }
  }
  const last = known.at(-1)?.at ?? 0;
  outageMs = Math.max(outageMs, from === null ? 0 : last - from);
  console.log(JSON.stringify({ sent: known.length, lost, outageMs, flowsMs: from === null ? last - since : 0 }));
});`;

/** Starts the client in a namespace. @param address of the server */
export function startClient(where: OtherNamespace, address: string): Client {
  const words = ['-t', `${where.pid}`, '-n', process.execPath, '-e', client(address)];
  const child = spawn('nsenter', words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((traffic: Traffic) => void)[] = [];
  createInterface(child.stdout).on('line', (line) => waiting.shift()?.(JSON.parse(line) as Traffic));
  return {
    mark: () => void child.stdin.write('mark\n'),
    report: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        child.stdin.write('report\n');
      }),
    [Symbol.dispose]: () => void child.kill(),
  };
}
