import { existsSync } from 'node:fs';
import { launch, type Page } from 'puppeteer-core';

/** A page in a real browser, and what it did. */
export interface Browsed extends AsyncDisposable {
  readonly page: Page;
  /** Everything that the page asked for. */
  readonly requests: readonly string[];
  /** Errors of scripts, and violations of the Content Security Policy. */
  readonly errors: readonly string[];
}

/** Pixels, and the colours that the reader prefers. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
}

/** @throws {Error} where Chromium is not installed */
export async function browse(address: string, { width, height, dark = false }: Screen): Promise<Browsed> {
  const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  if (program === undefined) {
    throw new Error('Chromium is not installed: apt-get install chromium');
  }
  // Its sandbox needs user namespaces of its own; the page comes from this test alone.
  const browser = await launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu'],
    // The test runner says when a test hangs: its limit follows the load of the machine.
    timeout: 0,
    protocolTimeout: 0,
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      errors.push(message.text());
    }
  });
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  return { page, requests, errors, [Symbol.asyncDispose]: () => browser.close() };
}
