/**
 * Stops the clock of this process, which daemon and watch read, until disposed. Both leave work that takes longer than some
 * milliseconds to the next turn of the event loop; on a busy machine any work may take that long.
 */
export function stoppedClock(): Disposable {
  const { uptime } = process;
  const now = uptime();
  process.uptime = () => now;
  return {
    [Symbol.dispose]() {
      process.uptime = uptime;
    },
  };
}
