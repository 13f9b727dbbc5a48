import { ip } from './ip.ts';
import { settle } from './settle.ts';

/** A veth pair: `name` is the interface under test, the other end is the switch it is plugged into. */
export interface Cable {
  readonly name: string;
  /** The end at the switch: set down, `name` has no carrier. */
  readonly far: string;
  /** Pulls the cable. */
  cut(): void;
  /** Plugs it in again. */
  repair(): void;
}

/**
 * Makes an interface with a cable, up at both ends, and waits until the kernel shows it so.
 *
 * @param name 1–13 bytes: the far end is named after it, with `-x`
 */
export function cable(name: string): Cable {
  const far = `${name}-x`;
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', far);
  ip('link', 'set', far, 'up');
  ip('link', 'set', name, 'up');
  settle(far, name);
  return {
    name,
    far,
    cut: () => void ip('link', 'set', far, 'down'),
    repair: () => void ip('link', 'set', far, 'up'),
  };
}
