/**
 * What to start Node with so that no signal can open its inspector: a link-local address without a scope, which
 * bind(2) refuses on every system. Unlike `--disable-sigusr1`, every line of Node knows this option.
 */
export const SEALED = '--inspect-port=[fe80::1]:9229';

interface Inspected {
  /** Closes the inspector, if it is open: what `close` of node:inspector is. Loading that module takes a millisecond. */
  _debugEnd?(): void;
}

/**
 * Keeps the inspector closed, which Node opens on 127.0.0.1:9229 upon SIGUSR1 until that signal is caught: every local
 * user could run code in this process. One that a signal opened while Node itself started is closed here, and a request
 * that Node has yet to carry out as soon as it has (it emits this event then).
 *
 * Does nothing where a person has asked for the inspector with --inspect.
 */
export function keepInspectorClosed(): void {
  if (isAskedFor([...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '))) {
    return;
  }
  const { _debugEnd: close } = process as Inspected;
  if (close !== undefined) {
    (process as NodeJS.EventEmitter).on('internalMessage', close);
    close();
  }
}

/** @param options those of Node, with spaces between them */
export function isAskedFor(options: string): boolean {
  return /(?:^|\s)--inspect(?:-brk|-wait)?(?:=|\s|$)/.test(options);
}
