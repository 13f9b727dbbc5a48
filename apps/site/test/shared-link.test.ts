import { expect, test } from 'vitest';
import { fromFragment, toFragment } from '../playground/shared-link.ts';

test('an incident comes back from the address that holds it, whatever characters it has', async () => {
  const incident = { configuration: 'groups: {"größe ✓": {sources: [eth0]}}\n'.repeat(300), timeline: '' };
  const fragment = await toFragment(incident);
  expect(fragment).toMatch(/^#v1=[\w-]+$/);
  expect(fragment.length).toBeLessThan(500);
  expect(await fromFragment(fragment)).toEqual(incident);
});

test('an address without an incident, or with a broken one, holds none', async () => {
  const [good, other] = [await toFragment({ configuration: 'a', timeline: 'b' }), '#v1='];
  for (const fragment of ['', '#use', other, `${other}!!`, `${other}AAAA`, good.slice(0, -3)]) {
    expect(await fromFragment(fragment)).toBeNull();
  }
});
