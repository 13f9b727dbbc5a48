import { readdirSync, readFileSync } from 'node:fs';

/** The links of the network namespace of this thread (proc_net(5)), whatever is mounted at /sys. */
const OWN_LINKS = '/proc/thread-self/net/dev';

/** Two lines of headings come before the links. */
const HEADINGS = 2;

/**
 * Whether a directory such as /sys/class/net shows the links of another network namespace than that of this thread: sysfs shows
 * the namespace in which it was mounted, and programs such as nsenter(1) enter another without mounting it again.
 *
 * @returns false where the links cannot be compared
 */
export function showsOtherNamespace(directory: string): boolean {
  try {
    const before = ownNames();
    const shown = new Set(
      readdirSync(directory, { encoding: 'latin1', withFileTypes: true })
        .filter((entry) => entry.isSymbolicLink())
        .map(({ name }) => name),
    );
    const after = ownNames();
    // A link that comes or goes meanwhile is in one of the two.
    const isForeign = (name: string) => !before.has(name) && !after.has(name);
    const isMissing = (name: string) => after.has(name) && !shown.has(name);
    return [...shown].some(isForeign) || [...before].some(isMissing);
  } catch {
    return false;
  }
}

function ownNames(): ReadonlySet<string> {
  const lines = readFileSync(OWN_LINKS, 'latin1').split('\n').slice(HEADINGS);
  return new Set(lines.map((line) => line.slice(0, line.indexOf(':')).trim()).filter((name) => name !== ''));
}
