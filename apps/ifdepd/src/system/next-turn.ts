/** Resolves in the next turn of the event loop: what has come by then is done before. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
