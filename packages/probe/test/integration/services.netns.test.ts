import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterNewNamespace, ip, type OtherNamespace } from '@ifdepd/netlab';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { farHost } from '../support/far-host.ts';
import { probing } from '../support/probing.ts';

let far: OtherNamespace;

beforeEach(async () => {
  enterNewNamespace();
  far = await farHost();
});

afterEach(() => far[Symbol.dispose]());

const http = (status: number) =>
  `require('node:http').createServer((request, response) => { response.statusCode = ${status}; response.end(request.url); })
   .listen(8080, '::', () => console.log('listening'))`;

/** A server of the DNS that knows one name, and repeats the question. */
const dns = `
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (query, peer) => {
    const known = query.includes('\\x07example\\x03net');
    const answer = Buffer.from(query);
    answer.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
    socket.send(answer, peer.port, peer.address);
  });
  socket.bind(53, () => console.log('listening'));`;

test('a port that accepts is active, and fails when its server has gone', async () => {
  const server = await far.serve(http(200));
  using port = probing({ kind: 'tcp', host: '2001:db8::2', port: 8080, interface: 'eth0' });
  await port.verdict('active');
  server[Symbol.dispose]();
  expect(await port.verdict('failed')).toMatch(
    /2001:db8::2 port 8080: connection refused \(connect: ECONNREFUSED\)/,
  );
});

test('a host that drops connections leaves them unanswered', async () => {
  far.run('ip', 'route', 'add', 'blackhole', '192.0.2.1/32');
  using port = probing({ kind: 'tcp', host: '192.0.2.2', port: 8080, timeoutMs: 60 });
  expect(await port.verdict('failed')).toMatch(/^3 of 3 probes unanswered/);
});

test('a port is asked from the source address and with the mark of the path', async () => {
  ip('addr', 'add', '192.0.2.77/24', 'dev', 'eth0');
  using _ = await far.serve(
    `require('node:net').createServer((one) => console.log(one.remoteAddress)).listen(8080, '0.0.0.0', () => console.log('up'))`,
  );
  using port = probing({ kind: 'tcp', host: '192.0.2.2', port: 8080, source: '192.0.2.77', mark: 1 });
  await port.verdict('active');
});

test('a page with status 200 is active, and one with 503 is not', async () => {
  const good = await far.serve(http(200));
  using page = probing({ kind: 'http', url: 'http://192.0.2.2:8080/health', interface: 'eth0' });
  using wanted = probing({ kind: 'http', url: 'http://[2001:db8::2]:8080/', expect: 204 });
  await page.verdict('active');
  expect(await wanted.verdict('failed')).toContain('HTTP 200 instead of 204');
  good[Symbol.dispose]();
  await page.verdict('failed');
  using bad = await far.serve(http(503));
  expect(bad).toBeDefined();
  expect(await page.result('refused')).toMatchObject({ why: expect.stringMatching(/HTTP 503|ECONNREFUSED/) });
});

const directory = mkdtempSync(join(tmpdir(), 'probe-tls-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('a page over TLS without a trusted certificate is refused', async () => {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', [...request, '-subj', '/CN=far', '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  const options = JSON.stringify({
    key: readFileSync(key, 'utf8'),
    cert: readFileSync(certificate, 'utf8'),
  });
  using _ = await far.serve(
    `require('node:https').createServer(${options}, (request, response) => response.end()).listen(8443, () => console.log('up'))`,
  );
  using page = probing({ kind: 'http', url: 'https://192.0.2.2:8443/' });
  expect(await page.result('refused')).toMatchObject({
    why: expect.stringContaining('self-signed certificate'),
  });
});

test('a server of the DNS that answers is active', async () => {
  using _ = await far.serve(dns);
  using known = probing({ kind: 'dns', name: 'example.net', server: '192.0.2.2', interface: 'eth0' });
  using unknown = probing({ kind: 'dns', name: 'example.org', server: '192.0.2.2' });
  await known.verdict('active');
  expect(await unknown.verdict('failed')).toContain('the server answers NXDOMAIN for example.org');
});

test('a host without a server of the DNS refuses', async () => {
  using none = probing({ kind: 'dns', name: 'example.net', server: '192.0.2.2' });
  expect(await none.result('refused')).toMatchObject({ why: expect.stringContaining('ECONNREFUSED') });
});
