import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { apk } from '../src/apk.ts';
import { product } from '../src/source.ts';

// What apk-tools 2 compares when it installs a package; Debian 12 does not have it.

let folder: string;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-apk-'));
  const key = join(folder, 'builder.rsa');
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }));
  vi.stubEnv('IFDEPD_APK_KEY', key);
  await apk(product(), new Date(0), join(folder, 'ifdepd.apk'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A gzip stream without a name and a time begins so. */
const STREAM = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]);

/** The compressed streams of the package. */
function segments(): readonly Buffer[] {
  const bytes = readFileSync(join(folder, 'ifdepd.apk'));
  const starts: number[] = [];
  for (let at = bytes.indexOf(STREAM); at >= 0; at = bytes.indexOf(STREAM, at + 1)) {
    starts.push(at);
  }
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
}

async function entries(archive: Buffer): Promise<readonly { header: Header; content: Buffer }[]> {
  const found: { header: Header; content: Buffer }[] = [];
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    found.push({ header: entry.header, content: await buffer(entry) });
  }
  return found;
}

test('a package for Alpine with a key has three streams that make one archive: signature, control, data', async () => {
  expect(segments()).toHaveLength(3);
  const all = await entries(Buffer.concat(segments().map((segment) => gunzipSync(segment))));
  expect(all.slice(0, 2).map(({ header }) => header.name)).toEqual(['.SIGN.RSA.builder.rsa.pub', '.PKGINFO']);
  expect(all.length).toBeGreaterThan(20);
});

test('the signature of a package for Alpine is that of its control stream', async () => {
  const [signature = Buffer.alloc(0), control = Buffer.alloc(0)] = segments();
  const content = gunzipSync(signature).subarray(512, 512 + 256);
  expect(verify('sha1', control, publicKey, content)).toBe(true);
});

test('each file of a package for Alpine has the checksum of its content', async () => {
  const data = await entries(gunzipSync(segments()[2] ?? Buffer.alloc(0)));
  const files = data.filter(({ header }) => header.type === 'file');
  const wrong = files.filter(
    ({ header, content }) =>
      (header.pax as Readonly<Record<string, string>> | null)?.['APK-TOOLS.checksum.SHA1'] !==
      createHash('sha1').update(content).digest('hex'),
  );
  expect(files.length).toBeGreaterThan(20);
  expect(wrong.map(({ header }) => header.name)).toEqual([]);
});
