import { expect, test } from 'vitest';
import { play } from '../src/play.ts';

test('a source that is repaired while no daemon runs: the next one waits for the up-delay from its start', async () => {
  const { violation } = await play([
    { afterMs: 816_691, do: 'reload', config: 2 },
    { afterMs: 1930, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 160_721, do: 'cable', name: 'wan2', to: 'down' },
    { afterMs: 85_416, do: 'stop' },
    { afterMs: 5443, do: 'crash', calls: 11 },
    { afterMs: 3601, do: 'start' },
    { afterMs: 6310, do: 'cable', name: 'wan1', to: 'up' },
    { afterMs: 1100, do: 'start' },
  ]);
  expect(violation).toBeNull();
});

test('a loss that was over while the daemon slept: it waits for the up-delay from when it reads of it', async () => {
  const lines: string[] = [];
  const { violation } = await play(
    [
      { afterMs: 60_000, do: 'reload', config: 2 },
      { afterMs: 60_000, do: 'cable', name: 'wan1', to: 'down' },
      { afterMs: 60_000, do: 'cable', name: 'wan2', to: 'down', inMs: 300 },
      { afterMs: 0, do: 'cable', name: 'wan2', to: 'up', inMs: 1000 },
      { afterMs: 3, do: 'suspend', ms: 3000 },
    ],
    { trace: (line) => void lines.push(line) },
  );
  expect([violation, lines.some((line) => line.includes('vrrp1 false'))]).toEqual([null, true]);
});

test('a reload begins the up-delay of a group whose requirement it changes', async () => {
  const { violation } = await play([
    { afterMs: 105_203, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 10_626, do: 'reload', config: 2 },
    { afterMs: 0, do: 'reload', config: 1 },
    { afterMs: 910, do: 'admin', name: 'vrrp0', to: 'up' },
  ]);
  expect(violation).toBeNull();
});
