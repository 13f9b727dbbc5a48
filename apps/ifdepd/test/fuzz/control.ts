import assert from 'node:assert';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpService } from '../../src/control/http-service.ts';
import { type Control, controlRoutes } from '../../src/control/routes.ts';
import type { JournalEntry } from '../../src/state/journal-entry.ts';

const folder = mkdtempSync(join(tmpdir(), 'ifdepd-fuzz-'));
const path = join(folder, 's');

/** Takes away what it has written. */
export const end = (): void => rmSync(folder, { recursive: true, force: true });
process.once('exit', end);

const request = (head: string, body = '') => new TextEncoder().encode(`${head}\r\n\r\n${body}`);

/** Each route, and the requests that are near to it. */
export const seeds: readonly Uint8Array[] = [
  ...['status', 'interfaces', 'policy', 'explain', 'explain/g', 'events?since=2026-01-31T12:00:00Z'].map(
    (what) => request(`GET /v1/${what} HTTP/1.1\r\nHost: x`),
  ),
  request('GET /v1/events?follow=1 HTTP/1.1\r\nHost: x'),
  request('HEAD /healthz HTTP/1.1\r\nHost: x'),
  request('GET /metrics HTTP/1.0'),
  request('POST /v1/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 4', 'abcd'),
  request(
    'POST /v1/groups/g/pause?for=10m HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked',
    '4\r\nabcd\r\n0\r\n\r\n',
  ),
  request('POST /v1/groups/%67/resume HTTP/1.1\r\nHost: x\r\nExpect: 100-continue'),
  ...['reload', 'groups/g/pause', 'groups/g/resume'].map((what) =>
    request(`GET /v1/${what} HTTP/1.1\r\nHost: x`),
  ),
  request('GET /v1/status HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade'),
];

/** What the present request changed, and the client that asked. */
let changes: string[] = [];
let client: Socket | undefined;

const entry: JournalEntry = { time: '2026-01-31T12:00:00.000Z', level: 'info', event: 'start', msg: 'm' };
const change = (what: string) => {
  changes.push(what);
  return true;
};
const operated = (group: string, what: string) => (group === 'g' && change(what) ? 'done' : 'unknown');

/** A daemon that remembers what it was asked to change. */
const control: Control = {
  status: () => ({
    version: '0',
    pid: 1,
    platform: 'linux',
    backend: 'rtnetlink',
    startedAt: entry.time,
    config: null,
    groups: [],
    destinations: [],
    counters: {},
  }),
  explain: async (name) => (name === null || name === 'g' ? { groups: [], destinations: [] } : null),
  interfaces: async () => [],
  policy: () => ({ groups: {} }),
  metrics: () => 'm 1\n',
  events: () => [entry],
  follow(listener) {
    listener(entry);
    // It would go on for ever.
    setImmediate(() => client?.destroy());
    return { [Symbol.dispose]: () => undefined };
  },
  async reload() {
    change('reload');
    return null;
  },
  settings: () => ({
    policy: { groups: {} },
    destinations: new Map(),
    checks: new Map(),
    probes: new Map(),
    hooks: [],
    log: {},
    metrics: null,
    file: null,
  }),
  needsRestart: () => [],
  operate: (group, operation, forMs) => operated(group, `${operation} ${forMs}`),
};

let listening: Promise<unknown> | undefined;

function listen(): Promise<unknown> {
  const serve = httpService(controlRoutes(control));
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, serve).listen(path);
  // It must not outlive the last input.
  server.unref();
  return once(server, 'listening');
}

/**
 * What a client may send to the control socket: it is answered in HTTP or hung up on, soon after its last byte; and only
 * a POST changes anything.
 */
export async function fuzz(input: Uint8Array): Promise<void> {
  listening ??= listen();
  await listening;
  changes = [];
  const answer = await ask(input);
  assert(answer === '' || /^HTTP\/1\.1 [1-5]\d\d /.test(answer), answer);
  assert(!answer.startsWith('HTTP/1.1 500'), answer);
  assert(changes.length === 0 || /POST +\//.test(Buffer.from(input).toString('latin1')), changes.join());
}

function ask(input: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(path);
    client = socket;
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    // Reset by who hangs up on what it has not read.
    socket.once('error', () => undefined);
    socket.once('close', () => resolve(answer));
    socket.end(input);
  });
}
