import { expect, test } from 'vitest';
import { patternFindings } from '../../src/diagnose/pattern-findings.ts';

const eth0 = { index: 2, name: 'eth0', altNames: [], loopback: false, hardware: () => null };

test('a pattern that matches nothing, and what matches and is no source, are warnings', () => {
  const members = new Map([
    ['match:eth*', { interfaces: [eth0], leftOut: [{ name: 'eth9', why: 'it is a destination' }] }],
    ['driver:qmi_wwan', { interfaces: [], leftOut: [] }],
  ]);
  expect(patternFindings(members)).toEqual([
    {
      level: 'warning',
      code: 'left-out',
      subject: 'match:eth*',
      message: 'matches more, which are no sources: eth9 (it is a destination)',
    },
    {
      level: 'warning',
      code: 'matches-nothing',
      subject: 'driver:qmi_wwan',
      message: 'no interface matches driver qmi_wwan now: it counts as one that has failed',
    },
  ]);
});

test('many interfaces are left out for two reasons: one warning has each reason once, and counts what it does not name', () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({
    name: `tun${index}`,
    why: 'there are too many',
  }));
  const leftOut = [...many, { name: 'eth9', why: 'it is a destination' }];
  const [finding] = patternFindings(new Map([['match:*', { interfaces: [eth0], leftOut }]]));
  expect(finding?.message).toMatch(
    /^matches more, which are no sources: tun0, tun1, [^()]* and \d{3} more \(there are too many\); eth9 \(it is a destination\)$/,
  );
});
