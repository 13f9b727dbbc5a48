import { createServer } from 'node:net';
import type { ListenAddress } from '../config/settings.ts';
import { errorCode } from '../system/directories.ts';
import type { Finding } from './finding.ts';

/** Why a start cannot listen there, now or later. A port that is in use depends on the moment, and is not tried. */
const FAULTS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL:
    'this host has no such address: give it one before the start, or name another, such as 127.0.0.1',
  ENOTFOUND: 'there is no host of that name',
};

/** Findings about the address of the metrics: the daemon does not start where the host does not have it. */
export function metricsFindings(metrics: ListenAddress | null): Promise<readonly Finding[]> {
  if (metrics === null) {
    return Promise.resolve([]);
  }
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error) => {
      const message = FAULTS[errorCode(error)];
      const subject = `metrics on ${metrics.host}`;
      resolve(message === undefined ? [] : [{ level: 'error', code: 'no-address', subject, message }]);
    });
    server.listen(0, metrics.host, () => server.close(() => resolve([])));
  });
}
