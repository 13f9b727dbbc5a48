import { until } from '@ifdepd/netlab';
import { onTestFinished } from 'vitest';
import { type RouteEvent, type RouteWatch, type WatchRoutesOptions, watchRoutes } from '../../src/index.ts';
import { caughtUp } from './caught-up.ts';
import { addressLines, ipAddresses, ipRoutes, lines } from './ip-routes.ts';

/** A watch that the end of the test closes, and its events after the first snapshot. */
export function watched(options: WatchRoutesOptions = {}): {
  readonly watch: RouteWatch;
  readonly events: RouteEvent[];
} {
  const watch = watchRoutes(options);
  onTestFinished(() => watch.close());
  const events: RouteEvent[] = [];
  watch.subscribe((event) => events.push(event));
  events.shift();
  return { watch, events };
}

/** Waits until a watch has the routes and the addresses that ip(8) shows. */
export async function agreed(watch: RouteWatch): Promise<void> {
  const difference = () => {
    caughtUp(watch);
    const ours = [...lines(watch.routes), ...addressLines(watch.addresses)];
    const theirs = [...ipRoutes(), ...ipAddresses()];
    const missing = theirs.filter((line) => !ours.includes(line));
    const wrong = ours.filter((line) => !theirs.includes(line));
    return ours.length === theirs.length && missing.length === 0 && wrong.length === 0
      ? null
      : `missing ${missing.slice(0, 5).join(' | ')}; not in the kernel ${wrong.slice(0, 5).join(' | ')}`;
  };
  await until(
    () => `the routes of the watch are those of the kernel: ${difference()}`,
    () => difference() === null,
  );
}
