import { ExitCode } from '../system/errors.ts';
import type { Finding } from './finding.ts';

/** The interfaces that a configuration names. */
export interface NamedInterfaces {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** The destinations with the action protodown. */
  readonly protodown: readonly string[];
}

/** The facts about a host that the preconditions need. */
export interface HostAsked {
  exists(name: string): boolean;
  /** Whether the driver of an interface knows protodown; null where that is not known. */
  knowsProtoDown(name: string): boolean | null;
}

/** The findings that keep a daemon from starting, sources first: the same for `check`, `plan`, a reload and the start. */
export function preconditions(named: NamedInterfaces, host: HostAsked): readonly Finding[] {
  const missing = (names: readonly string[], role: string) =>
    names
      .filter((name) => !host.exists(name))
      .map((name) => {
        const meant = pastedName(name, host.exists);
        const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
        return error('missing', name, `no such interface (${role})${hint}`);
      });
  return [
    ...missing(named.sources, 'source'),
    ...missing(named.destinations, 'destination'),
    ...named.protodown
      .filter((name) => host.exists(name) && host.knowsProtoDown(name) === false)
      .map((name) =>
        error(
          'no-protodown',
          name,
          "its driver does not know protodown (macvlan and vxlan do): leave 'action' out, and ifdepd sets it down by its flag",
        ),
      ),
  ];
}

/** The name in what ip(8) writes of a VLAN, a veth or a macvlan, `NAME@PARENT`; undefined where it is none. */
export function pastedName(name: string, exists: (name: string) => boolean): string | undefined {
  const before = name.slice(0, Math.max(0, name.lastIndexOf('@')));
  return before !== '' && exists(before) ? before : undefined;
}

function error(code: Finding['code'], subject: string, message: string): Finding {
  return { level: 'error', code, subject, message };
}

/**
 * The exit code of the start with these findings, and of `check` and `plan`.
 *
 * @param file where the configuration comes from; null for the command line
 * @param wait missing interfaces are waited for, and files that cannot be written are tried again
 */
export function exitCodeOf(
  found: readonly Finding[],
  { file, wait }: { readonly file: string | null; readonly wait: boolean },
): ExitCode {
  const codes = new Set(found.filter(({ level }) => level === 'error').map(({ code }) => code));
  // In the order in which the start looks.
  if (codes.delete('missing') && !wait) {
    return ExitCode.failed;
  }
  if (codes.has('no-protodown')) {
    return file === null ? ExitCode.usage : ExitCode.config;
  }
  if (codes.delete('unwritable') && !wait) {
    return ExitCode.system;
  }
  if (codes.has('no-address')) {
    return ExitCode.system;
  }
  return codes.size > 0 ? ExitCode.failed : ExitCode.ok;
}
