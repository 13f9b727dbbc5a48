/**
 * The option of Node that keeps a signal from opening its inspector: bind(2) refuses a link-local address without a scope on
 * every system. Unlike `--disable-sigusr1`, every release of Node has this option.
 */
export const SEALED = '--inspect-port=[fe80::1]:9229';

interface Inspected {
  /** Closes the inspector, if it is open: what `close` of node:inspector is. Loading that module takes a millisecond. */
  _debugEnd?(): void;
}

/**
 * Keeps the inspector closed: until SIGUSR1 is caught, that signal makes Node open it on 127.0.0.1:9229, and every local user
 * could run code in this process. Closes an inspector that was opened during the start of Node at once, and one of a pending
 * request when Node reports it with this event. Does nothing with --inspect.
 */
export function keepInspectorClosed(): void {
  if (isRequested([...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '))) {
    return;
  }
  const { _debugEnd: close } = process as Inspected;
  if (close !== undefined) {
    (process as NodeJS.EventEmitter).on('internalMessage', close);
    close();
  }
}

/** @param options those of Node, with spaces between them */
export function isRequested(options: string): boolean {
  return /(?:^|\s)--inspect(?:-brk|-wait)?(?:=|\s|$)/.test(options);
}
