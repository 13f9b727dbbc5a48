import type { Libc, PinnedBytes } from '../libc.ts';
import type { Native } from '../library.ts';
import type { CallContext } from './call-context.ts';
import { pin } from './memory.ts';

/**
 * The identities that openlog(3) was given. The C library keeps only the address and reads it at every message. So the bytes
 * stay for as long as the process lives, even when the {@link Libc} that was called is gone.
 */
const identities = new Map<string, PinnedBytes>();

export function syslogCalls({ bind }: CallContext): Pick<Libc, 'openlog' | 'syslog' | 'closelog'> {
  let openlog: Native | undefined;
  let syslog: Native | undefined;
  let closelog: Native | undefined;

  return {
    openlog(ident, options, facility) {
      openlog ??= bind('openlog', 'void', 'void *', 'int', 'int');
      openlog(identity(ident), options, facility);
    },
    syslog(priority, message) {
      syslog ??= bind('syslog', 'void', 'int', 'str', '...');
      syslog(priority, '%s', 'str', message);
    },
    closelog() {
      closelog ??= bind('closelog', 'void');
      closelog();
    },
  };
}

/** The bytes of an identity, the same ones each time. */
function identity(ident: string): Uint8Array {
  let pinned = identities.get(ident);
  if (pinned === undefined) {
    const bytes = new TextEncoder().encode(`${ident}\0`);
    pinned = pin(bytes.byteLength);
    pinned.bytes.set(bytes);
    identities.set(ident, pinned);
  }
  return pinned.bytes;
}
