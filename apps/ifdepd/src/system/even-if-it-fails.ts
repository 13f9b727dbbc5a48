/** Makes a call whose failure changes nothing: close(2) closes even then, and what stays of a file harms nobody. */
export function evenIfItFails(call: () => void): void {
  try {
    call();
  } catch {
    // Nothing is lost by that.
  }
}
