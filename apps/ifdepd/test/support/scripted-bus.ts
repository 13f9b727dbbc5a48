import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A system bus with a systemd behind it, made of values: it has units, and reports their changes. */
export interface ScriptedBus extends AsyncDisposable {
  readonly path: string;
  /** The states of units by the last part of their objects: LoadState, ActiveState, SubState. */
  readonly units: Map<string, readonly [load: string, active: string, sub: string]>;
  /** The rules of signals that clients have asked for. */
  readonly matches: string[];
  /** How many clients have signed in. */
  readonly clients: number;
  /** Sends the signal that a property of an object has changed. */
  changed(unit: string): void;
  /** Sends bytes to each client. */
  send(bytes: Buffer): void;
  /** Ends the connections of all clients. */
  drop(): void;
}

const PROPERTIES = ['LoadState', 'ActiveState', 'SubState'];
const UNITS = '/org/freedesktop/systemd1/unit/';

/** @param signIn what the bus answers to the name of a user; null: it accepts, and hangs up then. Default: it accepts */
export async function scriptedBus(signIn: string | null = 'OK 1234567890abcdef'): Promise<ScriptedBus> {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-bus-'));
  const path = join(folder, 'socket');
  const sockets = new Set<Socket>();
  const units: ScriptedBus['units'] = new Map();
  const matches: string[] = [];
  let clients = 0;

  function answer(call: Buffer): Buffer {
    const serial = call.readUInt32LE(8);
    const text = call.toString('latin1');
    if (text.includes('AddMatch')) {
      matches.push(/type='signal'.*?path='[^']*'/.exec(text)?.[0] ?? text);
    }
    const unit = new RegExp(`${UNITS}(\\w+)`).exec(text)?.[1] ?? '';
    const property = PROPERTIES.findIndex((name) => text.includes(`\0${name}\0`));
    const state = units.get(unit);
    if (property < 0) {
      return message(2, serial, '', '');
    }
    return state === undefined
      ? message(3, serial, '', 'nobody knows it')
      : variant(serial, state[property] ?? '');
  }

  const server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    let isSignedIn = false;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!isSignedIn && bytes.includes('AUTH')) {
        bytes = Buffer.alloc(0);
        socket.write(`${signIn ?? 'OK 1234567890abcdef'}\r\n`);
      } else if (!isSignedIn && bytes.includes('BEGIN\r\n')) {
        bytes = bytes.subarray(bytes.indexOf('BEGIN\r\n') + 7);
        isSignedIn = true;
        if (signIn === null) {
          socket.destroy();
        }
        clients += 1;
      }
      for (let length = lengthOf(bytes); isSignedIn && length <= bytes.length; length = lengthOf(bytes)) {
        socket.write(answer(bytes.subarray(0, length)));
        bytes = bytes.subarray(length);
      }
    });
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  const send = (all: Buffer) => {
    for (const socket of sockets) {
      socket.write(all);
    }
  };
  const drop = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  return {
    path,
    units,
    matches,
    send,
    get clients() {
      return clients;
    },
    changed: (unit) => send(message(4, 0, `${UNITS}${unit}`, '')),
    drop,
    async [Symbol.asyncDispose]() {
      drop();
      await new Promise((closed) => server.close(closed));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The length of the message that begins some bytes; more than there are where they do not say. */
function lengthOf(bytes: Buffer): number {
  return bytes.length < 16 ? 16 : 16 + Math.ceil(bytes.readUInt32LE(12) / 8) * 8 + bytes.readUInt32LE(4);
}

/** A reply with a text in a variant. */
function variant(replyTo: number, text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const body = Buffer.concat([Buffer.from('\x01s\0\0'), length, Buffer.from(`${text}\0`)]);
  return assembled(2, [reply(replyTo), Buffer.from('\x08\x01g\0\x01v\0')], body);
}

/** A message with a path, or with a text as its body. */
function message(type: number, replyTo: number, path: string, text: string): Buffer {
  const fields = [...(replyTo === 0 ? [] : [reply(replyTo)]), ...(path === '' ? [] : [field(1, 'o', path)])];
  if (text === '') {
    return assembled(type, fields, Buffer.alloc(0));
  }
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const body = Buffer.concat([length, Buffer.from(`${text}\0`)]);
  return assembled(type, [...fields, Buffer.from('\x08\x01g\0\x01s\0')], body);
}

function reply(serial: number): Buffer {
  const bytes = Buffer.from('\x05\x01u\0\0\0\0\0');
  bytes.writeUInt32LE(serial, 4);
  return bytes;
}

function field(code: number, type: string, text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from([code, 1, type.charCodeAt(0), 0]), length, Buffer.from(`${text}\0`)]);
}

function assembled(type: number, fields: readonly Buffer[], body: Buffer): Buffer {
  const padded = fields.map((one) => Buffer.concat([one, Buffer.alloc((8 - (one.length % 8)) % 8)]));
  const header = Buffer.concat(padded);
  const fixed = Buffer.alloc(16);
  fixed.set([0x6c, type, 0, 1]);
  fixed.writeUInt32LE(body.length, 4);
  fixed.writeUInt32LE(1, 8);
  const last = fields.at(-1)?.length ?? 0;
  // The padding behind the last field does not count.
  fixed.writeUInt32LE(header.length - ((8 - (last % 8)) % 8), 12);
  return Buffer.concat([fixed, header, body]);
}
