import type { Libc } from '@ifdepd/libc';
import { openNetIf } from '@ifdepd/netif';
import { linux } from '@ifdepd/netlink';
import type { SourceReading } from '@ifdepd/policy';
import { type RouteEvent, watchRoutes } from '@ifdepd/routewatch';
import type { ListTarget } from '../config/local-target.ts';
import type { SourceHealth } from '../engine/sources/index.ts';
import { type LocalState, localVerdict } from './local-verdict.ts';

interface Followed {
  readonly target: ListTarget;
  /** Health and reason that it was reported with; '' before. */
  fed: string;
  /** Whether an event may have changed it. */
  isDirty: boolean;
}

/**
 * Opens what follows the routes and addresses of this host for probes. Nothing is watched before `replace`, which answers for each
 * new probe before it returns. One watch serves them all, and lists no more than they need.
 *
 * @param answer what one of them has found: called when its verdict or its reason changes
 */
export function startLocalProbes(answer: (reading: SourceReading) => void, libc: Libc) {
  const followed = new Map<string, Followed>();
  let watch: LocalWatch | null = null;

  function close(): void {
    watch?.close();
    watch = null;
  }

  function judge(verdictOf: (target: ListTarget) => SourceHealth): void {
    for (const [id, one] of followed) {
      if (one.isDirty) {
        one.isDirty = false;
        const found = verdictOf(one.target);
        const key = `${found.health} ${found.reason}`;
        if (key !== one.fed) {
          one.fed = key;
          answer({ id, ...found });
        }
      }
    }
  }

  /** @param event null: anything may have changed */
  function note(event: RouteEvent | null): void {
    for (const one of followed.values()) {
      one.isDirty ||= event === null || event.type === 'snapshot' || isAbout(event, one.target);
    }
  }

  function follow(scope: Scope): void {
    try {
      const opened = openWatch(scope, libc);
      watch = opened;
      opened.subscribe(note, () => judge((target) => localVerdict(target, opened.state)));
    } catch (error) {
      note(null);
      judge(() => ({ health: 'unknown', reason: (error as Error).message }));
    }
  }

  return {
    /** Others from now on. */
    replace(next: ReadonlyMap<string, ListTarget>): void {
      for (const [id, { target }] of followed) {
        if (JSON.stringify(next.get(id)) !== JSON.stringify(target)) {
          followed.delete(id);
        }
      }
      for (const [id, target] of next) {
        if (!followed.has(id)) {
          followed.set(id, { target, fed: '', isDirty: true });
        }
      }
      const scope = scopeOf([...next.values()]);
      if (next.size === 0) {
        close();
      } else if (watch === null || JSON.stringify(watch.scope) !== JSON.stringify(scope)) {
        close();
        follow(scope);
      } else {
        const { state } = watch;
        judge((target) => localVerdict(target, state));
      }
    },
    [Symbol.dispose]: close,
  };
}

type Scope = ReturnType<typeof scopeOf>;
type LocalWatch = ReturnType<typeof openWatch>;

/** @throws {SystemError} where the system refuses */
function openWatch(scope: Scope, libc: Libc) {
  const routes = watchRoutes({ libc, ...scope });
  try {
    const netif = openNetIf({ libc });
    const state: LocalState = {
      get routes() {
        return routes.routes;
      },
      get addresses() {
        return routes.addresses;
      },
      indexOf: (name) => netif.resolve(name)?.index ?? null,
    };
    return {
      scope,
      state,
      subscribe: routes.subscribe.bind(routes),
      close() {
        routes.close();
        netif.close();
      },
    };
  } catch (error) {
    routes.close();
    throw error;
  }
}

/** The least that a watch has to list. */
function scopeOf(targets: readonly ListTarget[]) {
  const routes = targets.filter((target) => target.kind === 'route');
  const areDefault = routes.every(({ destination }) => destination.endsWith('/0'));
  return {
    families: [...new Set(targets.map(({ family }) => family))].sort(),
    routes: routes.length === 0 ? 'none' : areDefault ? 'default' : 'all',
    tables: [linux.route.RT_TABLE_MAIN],
    addresses: targets.length > routes.length,
  } as const;
}

/** Whether an event may change what a probe finds. */
function isAbout(event: Exclude<RouteEvent, { type: 'snapshot' }>, target: ListTarget): boolean {
  return target.kind === 'route'
    ? event.kind === 'route' && event.entry.destination === target.destination
    : event.kind === 'address' && event.entry.family === target.family;
}
