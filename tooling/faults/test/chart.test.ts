import { expect, test } from 'vitest';
import { chart } from '../src/chart.ts';

test('a line for the memory and one for the descriptors, from the first sample to the last', () => {
  const drawing = chart(
    [
      { transitions: 0, rss: 60e6, descriptors: 20 },
      { transitions: 100, rss: 80e6, descriptors: 20 },
    ],
    'a soak',
  );
  // 80 MB is the top of the scale, 20 a quarter of it.
  expect(drawing).toContain('points="70.0,132.5 860.0,50.0"');
  expect(drawing).toContain('points="70.0,297.5 860.0,297.5"');
});
