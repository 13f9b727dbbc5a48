import { test } from 'vitest';

test('loops for ever', () => {
  for (;;);
});
