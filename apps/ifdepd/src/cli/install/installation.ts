import { realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';

/** What a service file has to name. */
export interface Installation {
  /** The Node that runs the program: an absolute path. */
  readonly node: string;
  /** The program: an absolute path. */
  readonly program: string;
  /** The configuration: an absolute path. */
  readonly config: string;
  /** The user that the service runs as; null is the default of the service file. */
  readonly user: string | null;
  /** One of these is in a home directory, which services may not see. */
  readonly inHome: boolean;
}

/** Where the system has Node: paths that stay when a newer one is installed. */
const LASTING = ['/usr/bin/node', '/usr/local/bin/node', '/usr/pkg/bin/node', '/opt/homebrew/bin/node'];

/** Where systemd's ProtectHome=yes lets a service see nothing. */
const HOMES = /^\/(?:home|root|run\/user)\//;

/**
 * The Node and the program that run now. A path that is linked to this Node and lasts is preferred to its versioned one. Where
 * they are in a home directory, the service runs as the user to whom it belongs, because no other may be able to read it.
 *
 * @param user the value of --user
 */
export function thisInstallation(config: string, user: string | undefined): Installation {
  const node = LASTING.find((path) => realpath(path) === realpath(process.execPath)) ?? process.execPath;
  const program = realpath(process.argv[1] ?? '') ?? '';
  const inHome = [node, program, config].some((path) => HOMES.test(path));
  return { node, program, config, user: user ?? (inHome ? ownerOf(node) : null), inHome };
}

function realpath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** The name of the user to whom a file belongs, or the number where it is not ours: systemd takes both. */
function ownerOf(path: string): string {
  const { uid } = statSync(path);
  const me = userInfo();
  return uid === 0 ? 'root' : uid === me.uid ? me.username : String(uid);
}
