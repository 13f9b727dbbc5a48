import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browsed, browse, type Screen } from '../../ifdepd/test/support/browser.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { daemonAnswer } from './support/daemon-answer.ts';
import { programAnswer } from './support/program-answer.ts';
import { randomIncidents } from './support/random-incidents.ts';
import { serveSite } from './support/serve-site.ts';

let site: Awaited<ReturnType<typeof serveSite>>;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site[Symbol.dispose]());

const WIDE = { width: 1400, height: 1000 };

/** The playground in a browser, once it has drawn its first timeline. */
async function opened(screen: Screen = WIDE, fragment = ''): Promise<Browsed> {
  const browsed = await browse(`${site.address}playground.html${fragment}`, screen);
  await browsed.page.waitForSelector('#pg-chart svg');
  return browsed;
}

const texts = ({ page }: Browsed, selector: string): Promise<readonly string[]> =>
  page.$$eval(selector, (found) => found.map((one) => one.textContent ?? ''));

/** Puts texts into the playground as a person does, and reads its answers: in the page, all in one go. */
const ANSWERS = `(cases) => cases.map(({ configuration, timeline }) => {
  const put = (id, text) => {
    const area = document.getElementById(id);
    area.value = text;
    area.dispatchEvent(new Event('input'));
  };
  const read = (id) => [...document.getElementById(id).children].map((one) => one.textContent);
  put('pg-timeline', timeline);
  put('pg-configuration', configuration);
  const errors = read('pg-errors');
  return { errors, transitions: errors.length > 0 ? [] : read('pg-transitions') };
})`;

test('the playground finds the same mistakes and transitions as the daemon in 200 random incidents', async () => {
  const incidents = randomIncidents(200);
  const wanted = incidents.map(daemonAnswer);
  expect(wanted.filter(({ errors }) => errors.length > 0).length).toBeGreaterThan(40);
  expect(wanted.filter(({ transitions }) => transitions.length > 3).length).toBeGreaterThan(40);
  await using browsed = await opened();
  const answers = (await browsed.page.evaluate(
    `(${ANSWERS})(${JSON.stringify(incidents)})`,
  )) as typeof wanted;
  answers.forEach((answer, index) => {
    expect(answer, JSON.stringify(incidents[index])).toEqual(wanted[index]);
  });
  expect(browsed.errors).toEqual([]);
});

test('the program prints about random incidents what its parts in this process find', () => {
  const incidents = randomIncidents(8);
  expect(incidents.map(programAnswer)).toEqual(incidents.map(daemonAnswer));
});

test.each([
  ['at phone width', { width: 390, height: 844 }],
  ['in dark colours', { width: 800, height: 1000, dark: true }],
  ['on a wide screen', WIDE],
])(
  'the playground %s has no fault of accessibility, fits the window, and asks no other host',
  async (_, screen) => {
    await using browsed = await opened(screen);
    const { page, requests, errors } = browsed;
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(site.address) && !url.startsWith('data:'))).toEqual([]);
    expect(errors).toEqual([]);
  },
);

test('the playground works from the keyboard and without a network: a switch fails a source, and its group goes down', async () => {
  await using browsed = await opened();
  const { page } = browsed;
  await page.setOfflineMode(true);
  await page.focus('#pg-timeline');
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  await page.keyboard.press('Delete');
  expect(await texts(browsed, '#pg-transitions li')).toEqual([
    '      0 ms  gateway: starting -> up (eth0 active, eth1 active)',
  ]);
  await page.focus('#pg-second');
  await page.keyboard.press('Enter');
  await page.focus('#pg-sources [role=switch]');
  await page.keyboard.press('Space');
  expect(await page.$eval('#pg-timeline', (area) => Reflect.get(area, 'value'))).toBe('1s eth0 failed\n');
  expect(await page.$eval('#pg-sources [role=switch]', (one) => one.getAttribute('aria-checked'))).toBe(
    'false',
  );
  expect((await texts(browsed, '#pg-transitions li')).slice(1)).toEqual([
    '       1 s  gateway: up -> down (eth0 failed)',
    '       1 s  vrrp.51: set down',
    '       1 s  vrrp.52: set down',
  ]);
  expect((await texts(browsed, '#pg-why li'))[0]).toContain('eth0');
  // The focus stays on the switch, for the next key.
  await page.keyboard.press('Space');
  expect((await texts(browsed, '#pg-transitions li')).at(-1)).toContain('gateway: down -> coming-up');
  expect(browsed.errors).toEqual([]);
});

test('the address of the playground holds the incident, and another browser shows it', async () => {
  await using first = await opened();
  await first.page.click('#pg-sources [role=switch]');
  await first.page.waitForFunction('location.hash.startsWith("#v1=")');
  const fragment = new URL(first.page.url()).hash;
  await using second = await opened(WIDE, fragment);
  expect(await texts(second, '#pg-transitions li')).toEqual(await texts(first, '#pg-transitions li'));
  expect(await texts(second, '#pg-transitions li')).toContain(
    '      33 s  gateway: up -> down (eth0 failed)',
  );
});

test('a journal of the daemon that is dropped on the playground replays as a timeline', async () => {
  await using browsed = await opened();
  const { page } = browsed;
  const line = (seconds: number, from: string, to: string, reason: string): string =>
    JSON.stringify({
      time: new Date(Date.UTC(2026, 10, 30) + seconds * 1000).toISOString(),
      level: 'info',
      event: 'source',
      msg: '',
      ...{ source: 'eth0', from, to, reason },
    });
  const journal = [line(0, 'unknown', 'active', 'up'), line(7, 'active', 'failed', 'no carrier')].join('\n');
  await page.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(journal)}], 'journal'));
    document.getElementById('pg-chart').dispatchEvent(
      new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }`);
  await page.waitForFunction(
    'document.getElementById("pg-timeline").value.includes("7s eth0 failed no carrier")',
  );
  expect(await texts(browsed, '#pg-transitions li')).toContain(
    '       7 s  gateway: up -> down (eth0 failed)',
  );
});

test('the clock of the playground draws the timeline as it happens', async () => {
  await using browsed = await opened();
  const { page } = browsed;
  await page.select('#pg-speed', '60');
  await page.click('#pg-restart');
  await page.waitForFunction('document.querySelectorAll("#pg-transitions li").length > 12');
  await page.click('#pg-play');
  expect(await texts(browsed, '#pg-play')).toEqual(['Play']);
});
