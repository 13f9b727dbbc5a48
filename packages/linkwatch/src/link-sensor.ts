/**
 * Tells that something happened to any link of the system, without saying what: for whoever has an interest in a few
 * links, and has to know when the others are busy. While nobody waits for it, it costs the process nothing.
 */
export interface LinkSensor extends Disposable {
  /** Calls back once, in the event loop, when something has happened since the last {@link LinkSensor.drain}. */
  arm(callback: () => void): void;
  /** Whether something has happened since the last time, or since it was opened. */
  drain(): boolean;
}
