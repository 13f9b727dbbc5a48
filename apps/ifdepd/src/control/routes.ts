import type { PolicyConfig } from '@ifdepd/policy';
import { ConfigError } from '../config/config-error.ts';
import { HOLD_FORM, parseHold } from '../config/duration.ts';
import type { Settings } from '../config/settings.ts';
import { settingsChanges } from '../config/settings-changes.ts';
import { plainJson } from '../log/printable.ts';
import { TEXT_FORMAT } from '../report/text-format.ts';
import type { JournalEntry } from '../state/journal-entry.ts';
import { type EntryQuery, isAskedFor, selectEntries } from '../state/select-entries.ts';
import { ExitCode, type ExitError, messageOf } from '../system/errors.ts';
import { isForUs, type Listening } from '../system/rebinding.ts';
import type { ErrorReport, OperationReport, ReloadReport } from './answers.ts';
import { entryLine, entryLines } from './entry-lines.ts';
import type { ExplainReport } from './explain-report.ts';
import type { Answer } from './http-service.ts';
import type { InterfaceReport } from './interface-report.ts';
import { type Page, readPage } from './page.ts';
import type { Request } from './request.ts';
import type { StatusReport } from './status-report.ts';

/** What an operator may ask of a group, by the last part of the path; `for` may follow the first of each pair. */
export const OPERATIONS = ['pause', 'resume', 'down', 'up', 'restore'] as const;

/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number];

/**
 * The result of an operation: `unchanged` where the group was in that state already, `unknown` where there is no such group; or
 * why it is refused.
 */
export type Operated = 'done' | 'unchanged' | 'unknown' | { readonly refused: string };

/** The parts of a daemon that the routes use. */
export interface Control {
  status(): StatusReport;
  /** Null where nothing has that name. */
  explain(name: string | null): Promise<ExplainReport | null>;
  interfaces(): Promise<readonly InterfaceReport[]>;
  policy(): PolicyConfig;
  metrics(): string;
  events(): readonly JournalEntry[];
  follow(listener: (entry: JournalEntry) => void): Disposable;
  /** The error, where the running configuration stays in force. */
  reload(): Promise<ExitError | null>;
  /** The configuration that is in force. */
  settings(): Settings;
  /** Keys of the configuration that take effect at the next start. */
  needsRestart(): readonly string[];
  /** @param forMs when a pause or a drain ends by itself; null: it does not */
  operate(group: string, operation: Operation, forMs: number | null): Operated;
}

/** A request that has an answer. */
export interface Route<Of> {
  readonly method: 'GET' | 'POST';
  /** Its parts; one in braces stands for any name. */
  readonly path: string;
  /** @param control of the daemon */
  answer(control: Of, request: Request): Answer | Promise<Answer>;
}

/** The routes of the metrics port: they change nothing. */
export type Shown = Pick<Control, 'metrics' | 'status' | 'events' | 'follow'>;

/** The routes of both the control socket and the metrics port. */
export const shownRoutes: readonly Route<Shown>[] = [
  { method: 'GET', path: '/', answer: () => pageAnswer() },
  {
    method: 'GET',
    path: '/metrics',
    answer: (control) => ({ status: 200, type: TEXT_FORMAT, body: control.metrics() }),
  },
  { method: 'GET', path: '/healthz', answer: () => ({ status: 200, type: 'text/plain', body: 'ok\n' }) },
  { method: 'GET', path: '/v1/status', answer: (control) => json(200, control.status()) },
  { method: 'GET', path: '/v1/events', answer: (control, { query }) => events(control, query) },
];

/** Everything that the control socket answers. */
export const routes: readonly Route<Control>[] = [
  ...shownRoutes,
  {
    method: 'GET',
    path: '/v1/interfaces',
    answer: async (control) => json(200, await control.interfaces()),
  },
  { method: 'GET', path: '/v1/policy', answer: (control) => json(200, control.policy()) },
  { method: 'GET', path: '/v1/explain', answer: (control) => explain(control, null) },
  {
    method: 'GET',
    path: '/v1/explain/{name}',
    answer: (control, { path }) => explain(control, path[2] ?? ''),
  },
  { method: 'POST', path: '/v1/reload', answer: (control) => reload(control) },
  ...OPERATIONS.map(
    (operation): Route<Control> => ({
      method: 'POST',
      path: `/v1/groups/{group}/${operation}`,
      answer: (control, { path, query }) => operate(control, path[2] ?? '', operation, query.get('for')),
    }),
  ),
];

/** Answers the requests of the control socket. */
export function controlRoutes(control: Control): (request: Request) => Answer | Promise<Answer> {
  return (request) =>
    request.method === 'POST' && isForeign(request)
      ? failed(403, { error: `a page of ${request.origin} may change nothing here` })
      : answerFrom(routes, control, request);
}

/**
 * Answers /metrics, /healthz, and the page with what it reads: for a port that other hosts can reach.
 *
 * @param listening where the server listens, once it does
 */
export function metricsRoutes(
  control: Shown,
  listening: () => Listening,
): (request: Request) => Answer | Promise<Answer> {
  return (request) =>
    isForUs(listening(), request.host)
      ? answerFrom(shownRoutes, control, request)
      : failed(421, {
          error: `this is for localhost only, by that name or by its number, not for '${request.host}'`,
        });
}

function answerFrom<Of>(
  table: readonly Route<Of>[],
  control: Of,
  request: Request,
): Answer | Promise<Answer> {
  const { method, path } = request;
  const route = table.find((one) => isFor(one.path, path));
  if (route === undefined) {
    return failed(404, { error: `no route for ${method} /${path.join('/')}` });
  }
  return route.method === (method === 'HEAD' ? 'GET' : method)
    ? route.answer(control, request)
    : wrongMethod(route.method);
}

function isFor(pattern: string, path: readonly string[]): boolean {
  const parts = pattern.slice(1).split('/');
  return parts.length === path.length && parts.every((part, at) => part.startsWith('{') || part === path[at]);
}

/** Read with its first reader. */
let page: Page | undefined;

/** An upgrade may have replaced its files. */
function pageAnswer(): Answer {
  try {
    page ??= readPage();
    return { status: 200, type: 'text/html; charset=utf-8', body: page.html, headers: page.headers };
  } catch (error) {
    return failed(503, { error: `the page cannot be read: ${messageOf(error)}` });
  }
}

/** Through a forwarded port a browser reaches this socket, and any web page could send a form to it. */
function isForeign({ origin, host }: Request): boolean {
  return origin !== null && origin !== `http://${host}`;
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${plainJson(value)}\n` };
}

function failed(status: number, report: ErrorReport): Answer {
  return json(status, report);
}

function notFound(error: string): Answer {
  return failed(404, { error });
}

function wrongMethod(allow: string): Answer {
  return { status: 405, type: 'application/json', body: `{"error":"use ${allow}"}\n`, allow };
}

async function explain(control: Control, name: string | null): Promise<Answer> {
  const report = await control.explain(name);
  return report === null ? notFound(`there is no group, source or destination '${name}'`) : json(200, report);
}

function events(control: Pick<Control, 'events' | 'follow'>, query: URLSearchParams): Answer {
  const [since, last] = [query.get('since'), query.get('last')];
  const from = since === null ? null : new Date(since);
  if (from !== null && Number.isNaN(from.getTime())) {
    return failed(400, { error: `since '${since}': must be a time such as 2026-01-31T12:00:00Z` });
  }
  if (last !== null && !/^\d{1,9}$/.test(last)) {
    return failed(400, { error: `last '${last}': must be a number of events` });
  }
  const asked: EntryQuery = {
    since: from?.toISOString() ?? null,
    group: query.get('group'),
    interface: query.get('interface'),
    last: last === null ? null : Number(last),
  };
  const lines = entryLines(selectEntries(control.events(), asked));
  if (query.get('follow') !== '1') {
    return { lines };
  }
  return {
    lines,
    follow: (write) =>
      control.follow((entry) => {
        if (isAskedFor(entry, asked)) {
          write(entryLine(entry));
        }
      }),
  };
}

async function reload(control: Control): Promise<Answer> {
  const before = control.settings();
  const error = await control.reload();
  if (error === null) {
    const restart = control.needsRestart();
    const changes = settingsChanges(before, control.settings());
    const report: ReloadReport = { reloaded: true, ...changes, ...(restart.length > 0 && { restart }) };
    return json(200, report);
  }
  const issues = error instanceof ConfigError ? { file: error.file, issues: error.issues } : {};
  return failed(422, { error: error.message, exitCode: error.exitCode, ...issues });
}

function operate(control: Control, name: string, operation: Operation, text: string | null): Answer {
  const forMs = text === null ? null : parseHold(text);
  if (text !== null && forMs === null) {
    return failed(400, {
      error: `for '${text}': must be ${HOLD_FORM}; without it, ${operation} lasts until an operator ends it`,
    });
  }
  const operated = control.operate(name, operation, forMs);
  if (operated === 'unknown') {
    return notFound(`there is no group '${name}'`);
  }
  if (typeof operated === 'object') {
    return failed(409, { error: operated.refused, exitCode: ExitCode.failed });
  }
  const unchanged = operated === 'unchanged';
  const report: OperationReport =
    operation === 'pause' || operation === 'down'
      ? { group: name, [DONE[operation]]: true, ...(unchanged && { already: true }) }
      : { group: name, [DONE[operation]]: !unchanged };
  return json(200, report);
}

/** What the answer calls each operation. */
const DONE: Readonly<Record<Operation, keyof OperationReport>> = {
  pause: 'paused',
  resume: 'resumed',
  down: 'drained',
  up: 'up',
  restore: 'restored',
};
