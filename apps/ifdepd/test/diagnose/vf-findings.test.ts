import { SystemError, targetOf } from '@ifdepd/libc';
import { expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { vfFindings } from '../../src/diagnose/vf-findings.ts';

const target = targetOf('linux');

/** A host with the card eth0, which has functions 0 to 7. */
const host = {
  resolve: (name: string) => (name === 'eth0' ? { index: 2, name } : null),
  vfLinkState(name: string, vf: number) {
    if (name !== 'eth0' || vf > 7) {
      throw new SystemError(target, target.errnoOf.ENODEV, 'RTM_GETLINK', name);
    }
    return 'auto' as const;
  },
  setVfLinkState() {
    throw new Error('check sets nothing');
  },
};

test.each([
  ['eth0/7', []],
  [
    'eth0/8',
    [
      'vf:eth0/8: eth0 has no virtual function 8 now, so nothing is set; ip link show eth0 lists those that it has, from 0',
    ],
  ],
  // Another finding says that the card is missing.
  ['eth9/0', []],
])('check of the virtual function %s on a card with eight: %j', (vf, messages) => {
  const { destinations } = parseSettings(
    `groups: {g: {sources: [eth1], destinations: [{vf: ${vf}}]}}`,
    'x.conf',
  );
  expect(vfFindings(destinations, host).map(({ subject, message }) => `${subject}: ${message}`)).toEqual(
    messages,
  );
});
