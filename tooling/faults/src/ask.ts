import { request } from 'node:http';

/** The parts of `status --json` that are compared with the truth. */
export interface DaemonStatus {
  readonly pid: number;
  readonly groups: readonly {
    readonly name: string;
    readonly phase: string;
    readonly since: string;
    readonly until: string | null;
    readonly sources: readonly { readonly id: string; readonly health: string }[];
  }[];
  readonly destinations: readonly {
    readonly id: string;
    readonly want: 'up' | 'down' | 'none';
    readonly is: 'up' | 'down' | 'missing';
    readonly owned: boolean;
    readonly error: string | null;
    /** Why it is not as wanted, and when the next attempt is made: ISO 8601. */
    readonly differs?: { readonly retryAt: string | null };
  }[];
  readonly counters: Readonly<
    Record<
      'events' | 'transitions' | 'actions' | 'failures' | 'resyncs' | 'overruns' | 'foreignChanges',
      number
    >
  >;
}

/** Asks a daemon on its control socket. @throws if none answers */
export function ask(socketPath: string, path: string, method: 'GET' | 'POST' = 'GET'): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('end', () => resolve(body));
      response.once('error', reject);
    });
    asking.once('error', reject);
    asking.end();
  });
}

/** The status that it reports. */
export async function askStatus(socketPath: string): Promise<DaemonStatus> {
  return JSON.parse(await ask(socketPath, '/v1/status')) as DaemonStatus;
}
