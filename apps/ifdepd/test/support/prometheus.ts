import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';

/** Why Prometheus cannot run here, and what to do; null where it can. */
export function prometheusFault(): string | null {
  const { error } = spawnSync('prometheus', ['--version']);
  return error === undefined
    ? null
    : `cannot run Prometheus: ${error.message}. On Debian: apt-get install prometheus`;
}

/** One result of a query. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** The time in seconds, and the value as a text. */
  readonly value: readonly [number, string];
}

/** A Prometheus that runs in the network namespace of this thread. */
export interface Prometheus extends AsyncDisposable {
  /** The present results of an expression. @throws {Error} where Prometheus refuses it */
  query(expression: string): Promise<readonly Series[]>;
}

/**
 * Starts a Prometheus that scrapes twice a second, and waits until it answers.
 *
 * @param target of its job `ifdepd`, as `127.0.0.1:9817`
 */
export async function prometheus(target: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `scrape_configs: [{job_name: ifdepd, scrape_interval: 500ms, scrape_timeout: 500ms, static_configs: [{targets: ["${target}"]}]}]\n`,
  );
  const address = '127.0.0.1:9090';
  const words = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
    // Targets are read this often; 5 s otherwise.
    '--scrape.discovery-reload-interval=100ms',
  ];
  const child = spawn('prometheus', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = textOf(child);
  const ask = async (path: string): Promise<Response> => fetch(`http://${address}${path}`);
  const running: Prometheus = {
    async query(expression) {
      const answer = await ask(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data, error } = (await answer.json()) as { data?: { result: Series[] }; error?: string };
      if (data === undefined) {
        throw new Error(`Prometheus refuses ${expression}: ${error}`);
      }
      return data.result;
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await until(
      () => `Prometheus to be ready; it says: ${said()}`,
      () => said().includes('ready to receive'),
    );
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
  return running;
}

function textOf({ stderr }: ChildProcess): () => string {
  let said = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return () => said;
}
