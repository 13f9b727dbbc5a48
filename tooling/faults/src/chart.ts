import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Sample } from './soak.ts';

const WIDTH = 900;
const HEIGHT = 440;
const LEFT = 70;
const RIGHT = 40;
const TOP = 50;
const BOTTOM = 60;

/** Draws memory and descriptors over transitions. */
export function chart(samples: readonly Sample[], title: string): string {
  const last = samples.at(-1)?.transitions ?? 1;
  const mostRss = Math.max(...samples.map(({ rss }) => rss / 1e6));
  const ceiling = Math.ceil(mostRss / 20) * 20;
  const x = (transitions: number): number => LEFT + (transitions / last) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / ceiling) * (HEIGHT - TOP - BOTTOM);
  const line = (value: (sample: Sample) => number): string =>
    samples.map((sample) => `${x(sample.transitions).toFixed(1)},${y(value(sample)).toFixed(1)}`).join(' ');
  const steps = Array.from({ length: ceiling / 20 + 1 }, (_, at) => at * 20);
  const marks = Array.from({ length: 6 }, (_, at) => (last / 5) * at);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${LEFT}" y="26" font-size="16">${title}</text>`,
    ...steps.map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
        `<text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    ),
    ...marks.map(
      (value) =>
        `<text x="${x(value)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${Math.round(value).toLocaleString('en-US')}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 16}" text-anchor="middle">transitions</text>`,
    `<polyline fill="none" stroke="#1f5fbf" stroke-width="2" points="${line(({ rss }) => rss / 1e6)}"/>`,
    `<polyline fill="none" stroke="#c0392b" stroke-width="2" points="${line(({ descriptors }) => descriptors)}"/>`,
    `<text x="${WIDTH - RIGHT}" y="${TOP - 8}" text-anchor="end"><tspan fill="#1f5fbf">resident memory, MB</tspan> · <tspan fill="#c0392b">open descriptors</tspan></text>`,
    '</svg>',
  ].join('\n');
}

/** Draws an SVG into a PNG file with chromium. @throws {Error} if chromium is missing or fails */
export function drawPng(svg: string, file: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-chart-'));
  try {
    const page = join(folder, 'chart.html');
    const picture = join(folder, 'chart.png');
    writeFileSync(page, `<!doctype html><body style="margin:0">${svg}</body>`);
    const { error, status, stderr } = spawnSync(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--hide-scrollbars',
        `--user-data-dir=${join(folder, 'profile')}`,
        `--window-size=${WIDTH},${HEIGHT}`,
        `--screenshot=${picture}`,
        `file://${page}`,
      ],
      { encoding: 'utf8' },
    );
    if (error !== undefined || status !== 0) {
      throw new Error(`chromium cannot draw ${file}: ${error?.message ?? stderr}`, { cause: error });
    }
    copyFileSync(picture, resolve(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
