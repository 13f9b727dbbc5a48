/** Milliseconds between two drawings of a running clock. */
const EVERY = 100;

/** A clock that counts from any time on, at any speed. */
export function clock(onTick: (now: number) => void) {
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    get isRunning(): boolean {
      return timer !== undefined;
    },
    /** @param speed how many times as fast as the clock on the wall */
    start(from: number, speed: number): void {
      clearInterval(timer);
      const begin = performance.now();
      timer = setInterval(() => onTick(Math.round(from + (performance.now() - begin) * speed)), EVERY);
    },
    stop(): void {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
