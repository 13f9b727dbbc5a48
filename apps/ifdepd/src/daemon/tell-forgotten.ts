import type { Running } from './running.ts';

/** Tells, once, which interfaces an earlier process has left down that the configuration names no more: nobody else will. */
export function tellForgotten({ settings, ledger, log }: Pick<Running, 'settings' | 'ledger' | 'log'>): void {
  for (const [id, { kept }] of ledger.entries) {
    if (kept === undefined && ledger.owned(id) && !settings.destinations.has(id)) {
      const message = `${id}: set down by an earlier ifdepd and named no more: left as it is`;
      const fields = { destinations: [id], cause: 'on-exit' };
      log.write({ event: 'notice', level: 'warning', message, fields });
      ledger.forget(id);
    }
  }
}
