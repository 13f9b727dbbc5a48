import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { type Browsed, browse } from '../support/browser.ts';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const CONFIGURATION = `groups:
  gateway: {sources: [em0, bge0], destinations: [carp0]}
  "<img,src=x,onerror=alert(1)>": {require: {any: [em0, bge0]}, destinations: [carp1]}
metrics: {listen: "127.0.0.1:0"}
`;

/** The port of the metrics, from the line that reports it. */
function addressOf(lines: readonly string[]): string {
  return `http://${lines.map((line) => /metrics on (\S+)/.exec(line)?.[1]).find(Boolean)}/`;
}

const textOf = async ({ page }: Browsed, id: string): Promise<string> =>
  page.$eval(`#${id}`, (element) => element.textContent ?? '');

/** Waits for a text in the page: asked again and again, because the page draws when an event comes. */
async function says(browsed: Browsed, id: string, text: string): Promise<void> {
  let last = '';
  let asked = false;
  await until(
    () => `#${id} to have '${text}'; it has '${last}'`,
    () => {
      if (!asked) {
        asked = true;
        void textOf(browsed, id).then((found) => {
          last = found;
          asked = false;
        });
      }
      return last.includes(text);
    },
  );
}

test('the status page follows a failover, runs no foreign script, asks nobody else, and is accessible in every size', async () => {
  using lab = host('em0', 'bge0', 'carp0', 'carp1');
  using file = configFile(CONFIGURATION);
  await using running = await daemon(['-v', '-f', file.path]);
  await until('metrics', () => running.lines.some((line) => line.includes('metrics on')));
  const address = addressOf(running.lines);
  for (const screen of [
    { width: 390, height: 844 },
    { width: 800, height: 1000, dark: true },
    { width: 1600, height: 1200 },
  ]) {
    await using browsed = await browse(address, screen);
    const { page, requests, errors } = browsed;
    await says(browsed, 'verdict', 'all 2 groups up');
    lab.cables.em0.cut();
    await says(browsed, 'verdict', '1 of 2 groups down, 1 destination held down');
    await says(browsed, 'groups', 'em0 failed');
    await says(browsed, 'events', 'carp0: set down');
    lab.cables.em0.repair();
    await says(browsed, 'verdict', 'all 2 groups up');
    expect(await textOf(browsed, 'groups')).toContain('<img,src=x,onerror=alert(1)>');
    expect(await page.$$('img')).toEqual([]);
    // Only its own parts are wider than the window.
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    // Puppeteer's own scripts are not under the policy of the page.
    await page.evaluate(axe);
    const found = (await page.evaluate('axe.run()')) as {
      violations: { id: string; nodes: { html: string }[] }[];
    };
    expect(found.violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    await page.focus('#filter');
    await page.keyboard.type('nothing of this name');
    await says(browsed, 'groups', 'GroupStateForWhy');
    expect(await page.$$eval('#groups tbody tr', (rows) => rows.length)).toBe(0);
    expect(requests.filter((url) => !url.startsWith(address))).toEqual([]);
    expect(errors).toEqual([]);
  }
});

test('200 groups: the worst come first, and a filter finds one', async () => {
  using lab = host('em0', 'bge0', 'carp0');
  const groups = Array.from(
    { length: 199 },
    (_, at) => `  g${at}: {sources: [bge0], destinations: [{file: /tmp/none${at}, up: "0", down: "1"}]}`,
  );
  using file = configFile('');
  file.write(
    `groups:\n  last: {sources: [em0], destinations: [carp0]}\n${groups.join('\n').replaceAll('/tmp/none', `${file.folder}/f`)}\nmetrics: {listen: "127.0.0.1:0"}\n`,
  );
  await using running = await daemon(['-v', '-f', file.path]);
  await until('metrics', () => running.lines.some((line) => line.includes('metrics on')));
  await using browsed = await browse(addressOf(running.lines), { width: 1600, height: 1200 });
  await says(browsed, 'verdict', 'all 200 groups up');
  lab.cables.em0.cut();
  await says(browsed, 'verdict', '1 of 200 groups down');
  expect(await browsed.page.$eval('#groups tbody th', (cell) => cell.textContent)).toBe('last');
  await browsed.page.focus('#filter');
  await browsed.page.keyboard.type('g123');
  expect(
    await browsed.page.$$eval('#groups tbody th', (cells) => cells.map((cell) => cell.textContent)),
  ).toEqual(['g123']);
});

test('the port of the metrics shows and changes nothing; the control socket refuses a POST of a foreign page', async () => {
  using _lab = host('em0', 'bge0', 'carp0', 'carp1');
  using file = configFile(CONFIGURATION);
  await using running = await daemon(['-v', '-f', file.path]);
  await until('metrics', () => running.lines.some((line) => line.includes('metrics on')));
  const address = addressOf(running.lines);
  const answers = await Promise.all(
    [
      ['GET', 'v1/status', 200],
      ['GET', 'v1/events', 200],
      ['POST', 'v1/status', 405],
      ['POST', 'v1/reload', 404],
      ['POST', 'v1/groups/gateway/pause', 404],
      ['GET', 'v1/policy', 404],
      ['GET', 'v1/interfaces', 404],
    ].map(async ([method, path, status]) => {
      const answer = await fetch(`${address}${path}`, { method: String(method) });
      await answer.arrayBuffer();
      return [method, path, answer.status, status];
    }),
  );
  expect(answers.filter(([, , got, wanted]) => got !== wanted)).toEqual([]);
  const reload = (...headers: readonly string[]) => {
    const words = [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '--unix-socket',
      socket,
      '-X',
      'POST',
      ...headers,
    ];
    return spawnSync('curl', [...words, 'http://localhost:8080/v1/reload'], { encoding: 'utf8' }).stdout;
  };
  expect(reload('-H', 'Origin: http://elsewhere.example')).toBe('403');
  expect(reload('-H', 'Origin: null')).toBe('403');
  expect(reload('-H', 'Origin: http://localhost:8080')).toBe('200');
  expect(reload()).toBe('200');
});
