import { fileURLToPath } from 'node:url';
import { routes, shownRoutes } from '../../src/control/routes.ts';
import { type Schema, schemaMaker } from './json-schema-of.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const TYPES = {
  StatusReport: file('src/control/status-report.ts'),
  ExplainReport: file('src/control/explain-report.ts'),
  InterfaceReport: file('src/control/interface-report.ts'),
  JournalEntry: file('src/state/journal-entry.ts'),
  PolicyConfig: file('../../packages/policy/src/config.ts'),
  ErrorReport: file('src/control/answers.ts'),
  ReloadReport: file('src/control/answers.ts'),
  OperationReport: file('src/control/answers.ts'),
} as const;

/** What the table of routes does not say of a path. */
interface Described {
  readonly summary: string;
  /** The media type, and the type of the JSON. */
  readonly answer: readonly [media: string, type?: keyof typeof TYPES | 'InterfaceReport[]'];
  /** Status codes of errors, besides 404 for a path that does not exist and 405 for another method. */
  readonly errors?: readonly number[];
  readonly query?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json';

const DURATION =
  'when it ends by itself, above 0: 30s, 10m, 1h30m; it may also stand in the body, as a form or a JSON object';

const operation = (summary: string, more: Partial<Described> = {}): Described => ({
  summary,
  answer: [JSON_TYPE, 'OperationReport'],
  errors: [403, 404],
  ...more,
});

const described: Readonly<Record<string, Described>> = {
  '/': { summary: 'A status page for browsers', answer: ['text/html'], errors: [503] },
  '/metrics': { summary: 'Metrics in the text format of Prometheus', answer: ['text/plain'] },
  '/healthz': { summary: 'ok while the daemon answers', answer: ['text/plain'] },
  '/v1/status': {
    summary: 'Groups, their sources, and destinations as they are',
    answer: [JSON_TYPE, 'StatusReport'],
  },
  '/v1/events': {
    summary: 'What happened, one JSON object a line',
    answer: ['application/x-ndjson', 'JournalEntry'],
    errors: [400, 503],
    query: {
      since: 'only events from this time on, such as 2026-01-31T12:00:00Z',
      last: 'at most this many, the newest ones',
      group: 'only events of this group',
      interface: 'only events in which this source or destination changed, was set or is to blame',
      follow: '1: the answer goes on with each event that happens',
    },
  },
  '/v1/interfaces': {
    summary: 'Every interface of this host: active or failed, and why',
    answer: [JSON_TYPE, 'InterfaceReport[]'],
  },
  '/v1/policy': { summary: 'The rules that are in force', answer: [JSON_TYPE, 'PolicyConfig'] },
  '/v1/explain': {
    summary: 'Why each group and destination is as it is, and what would change it',
    answer: [JSON_TYPE, 'ExplainReport'],
  },
  '/v1/explain/{name}': {
    summary: 'The same of a group, a source or a destination',
    answer: [JSON_TYPE, 'ExplainReport'],
    errors: [404],
  },
  '/v1/reload': {
    summary: 'Read the configuration again; one with mistakes is refused, and the running one stays',
    answer: [JSON_TYPE, 'ReloadReport'],
    errors: [403, 422],
  },
  '/v1/groups/{group}/pause': operation('Leave the destinations of a group as they are', {
    errors: [400, 403, 404, 409],
    query: { for: DURATION },
  }),
  '/v1/groups/{group}/resume': operation('Set the destinations of the group again'),
  '/v1/groups/{group}/down': operation('Set the destinations of a group down and hold them', {
    errors: [400, 403, 404, 409],
    query: { for: DURATION },
  }),
  '/v1/groups/{group}/up': operation('End a drain: the sources of the group decide again'),
  '/v1/groups/{group}/restore': operation('Bring up a group that restore: manual holds down', {
    errors: [403, 404, 409],
  }),
};

/** The OpenAPI document of the control socket, made from the table of routes and the types of the answers. */
export function openApi(): object {
  const maker = schemaMaker([...new Set(Object.values(TYPES))], file('tsconfig.json'));
  const typed = (name: keyof typeof TYPES): Schema => maker.of(TYPES[name], name);

  function schemaOf(type: Described['answer'][1]): Schema {
    return type === undefined
      ? { type: 'string' }
      : type === 'InterfaceReport[]'
        ? { type: 'array', items: typed('InterfaceReport') }
        : typed(type);
  }

  const paths = routes.map(({ method, path }) => {
    const one = described[path];
    if (one === undefined) {
      throw new Error(`test/support/openapi.ts describes no ${path}`);
    }
    const { summary, answer, errors = [], query = {} } = one;
    const [media, type] = answer;
    const parameters = [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        ...{ name, in: 'path', required: true },
        schema: { type: 'string' },
      })),
      ...Object.entries(query).map(([name, description]) => ({
        ...{ name, in: 'query', description },
        schema: { type: 'string' },
      })),
    ];
    const responses = {
      200: { description: summary, content: { [media]: { schema: schemaOf(type) } } },
      ...Object.fromEntries(
        errors.map((status) => [
          status,
          {
            description: STATUS[status],
            content: { [JSON_TYPE]: { schema: typed('ErrorReport') } },
          },
        ]),
      ),
    };
    const isShown = shownRoutes.some((shown) => shown.path === path);
    return [
      path,
      {
        [method.toLowerCase()]: {
          summary,
          ...(isShown && { description: 'The port of --metrics answers it too.' }),
          ...(parameters.length > 0 && { parameters }),
          responses,
        },
      },
    ];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'ifdepd',
      version: '1',
      description:
        'HTTP/1.1 over the control socket, /run/ifdepd/ifdepd.sock. Times are ISO 8601 in UTC. Later versions may add keys.',
      license: { name: 'ISC', identifier: 'ISC' },
    },
    servers: [{ url: 'http://localhost', description: 'curl --unix-socket /run/ifdepd/ifdepd.sock' }],
    paths: Object.fromEntries(paths),
    components: { schemas: maker.schemas },
  };
}

/** Paths that {@link openApi} describes. */
export const describedPaths: readonly string[] = Object.keys(described);

const STATUS: Readonly<Record<number, string>> = {
  400: 'A value cannot be understood.',
  403: 'A web page of another host sent it.',
  404: 'There is nothing of that name.',
  409: 'The state of the group does not allow it.',
  422: 'The configuration has mistakes.',
  503: 'Too many clients follow the events, or an upgrade has replaced the files of the page.',
};
