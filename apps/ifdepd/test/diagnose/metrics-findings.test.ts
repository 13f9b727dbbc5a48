import { expect, test } from 'vitest';
import { metricsFindings } from '../../src/diagnose/metrics-findings.ts';

// 192.0.2.0/24 is for documentation (RFC 5737).
test('metrics on an address that this host does not have: the daemon does not start', async () => {
  expect(await metricsFindings({ host: '192.0.2.1', port: 9817 })).toEqual([
    {
      level: 'error',
      code: 'no-address',
      subject: 'metrics on 192.0.2.1',
      message: expect.stringMatching(/^this host has no such address: .*127\.0\.0\.1$/),
    },
  ]);
});

test.each([
  ['no metrics', null],
  ['every address', { host: '0.0.0.0', port: 1 }],
])('%s: nothing to report', async (_title, metrics) => {
  expect(await metricsFindings(metrics)).toEqual([]);
});
