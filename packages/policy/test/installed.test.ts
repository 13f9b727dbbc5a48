import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { enginePath, otherEngines } from '@ifdepd/node-lines';
import { afterAll, beforeAll, expect, test } from 'vitest';

const packageDir = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
let project = '';

/** Runs a command in the project that has installed the tarball. */
function run(command: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, encoding: 'utf8' });
  return { status, stdout, stderr };
}

beforeAll(() => {
  if (!existsSync(join(packageDir, 'dist'))) throw new Error('There is no dist: npm run build first.');
  project = mkdtempSync(join(tmpdir(), 'policy-installed-'));
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], {
    cwd: packageDir,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const installed = run('npm', 'install', '--offline', '--no-audit', '--no-fund', `./${filename}`);
  expect(installed).toMatchObject({ status: 0 });
  cpSync(join(packageDir, 'test', 'consumers'), project, { recursive: true });
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

test('the tarball installs nothing but the package', () => {
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  expect(Object.keys(packages)).toEqual(['', 'node_modules/@ifdepd/policy']);
});

test('the tarball works in plain JavaScript', () => {
  expect(run(process.execPath, '--no-warnings', 'plain.mjs')).toEqual({
    status: 0,
    stdout: 'down down Configuration of @ifdepd/policy',
    stderr: '',
  });
});

test.each([
  ['node16', 'node16'],
  ['bundler', 'es2022'],
])('the tarball type-checks with moduleResolution %s', (resolution, module) => {
  const compilerOptions = {
    ...{ target: 'es2022', lib: ['es2022'], types: [], strict: true, noEmit: true },
    ...{ module, moduleResolution: resolution },
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
  expect(run(process.execPath, tsc)).toEqual({ status: 0, stdout: '', stderr: '' });
});

const inPage = 'g has been down for 0 ms because em1 failed. It comes up when em1 is active again.';
const inWorker =
  'g has been down for 0 ms because em0 failed and em1 failed. It comes up when em0 or em1 is active again.';

test('the tarball works in a worker thread of Node', () => {
  expect(run(process.execPath, '--no-warnings', 'thread.mjs')).toEqual({
    status: 0,
    stdout: inWorker,
    stderr: '',
  });
});

test.for(otherEngines)('the tarball works in %s, and in a web worker of it', (engine, ctx) => {
  const program = enginePath(engine);
  if (program === null)
    return ctx.skip(`there is no ${engine} that runs here: npm test fetches it on x64 Linux with glibc`);
  const words =
    engine === 'deno' ? ['run', '--no-prompt', '--cached-only', '--allow-read=.'] : ['run', '--no-install'];
  const env = { ...process.env, DENO_DIR: join(project, 'deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };
  const say = (file: string): unknown => {
    const { status, stdout, stderr } = spawnSync(program, [...words, file], {
      cwd: project,
      encoding: 'utf8',
      env,
    });
    return { status, stdout, stderr };
  };
  expect(say('plain.mjs')).toEqual({
    status: 0,
    stdout: 'down down Configuration of @ifdepd/policy',
    stderr: '',
  });
  expect(say('web-worker.mjs')).toEqual({ status: 0, stdout: inWorker, stderr: '' });
});

test('the tarball works in a page of a browser, and in a worker of it', async (ctx) => {
  const chromium = ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, name)))
    .find((path) => existsSync(path));
  if (chromium === undefined) return ctx.skip('there is no chromium on this machine');
  let say: (text: string) => void = () => undefined;
  const said = new Promise<string>((done) => {
    say = done;
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => say(body));
    }
    const path = join(project, normalize(new URL(request.url ?? '/', 'http://localhost').pathname));
    const type = path.endsWith('.html') ? 'text/html' : 'text/javascript';
    if (existsSync(path)) response.writeHead(200, { 'content-type': type }).end(readFileSync(path));
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const child = spawn(
    chromium,
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...['--remote-debugging-port=0', `--user-data-dir=${join(project, 'profile')}`],
      `http://127.0.0.1:${port}/page.html`,
    ],
    // A browser that a signal ends leaves files: the project directory contains them.
    { stdio: 'ignore', env: { ...process.env, TMPDIR: project } },
  );
  const gone = new Promise<string>((done) => child.on('close', (code) => done(`it ended with ${code}`)));
  const result = await Promise.race([said, gone]);
  child.kill();
  await gone;
  server.closeAllConnections();
  server.close();
  expect(result).toBe(JSON.stringify([inPage, inWorker]));
});
