import type { Libc } from '@ifdepd/libc';
import { openNetIf } from '@ifdepd/netif';
import { linux } from '@ifdepd/netlink';
import type { SourceReading } from '@ifdepd/policy';
import { type RouteEvent, type RouteWatch, watchRoutes } from '@ifdepd/routewatch';
import type { LocalTarget, LocalTargets } from '../config/local-target.ts';
import { type LocalState, localVerdict } from './local-verdict.ts';

interface Followed {
  readonly target: LocalTarget;
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
  const netif = openNetIf({ libc });
  const followed = new Map<string, Followed>();
  let watch: { readonly scope: string; readonly routes: RouteWatch } | null = null;

  function close(): void {
    watch?.routes.close();
    watch = null;
  }

  /** @param state null where there is none, because of `refusal` */
  function judge(state: LocalState | null, refusal: string): void {
    for (const [id, one] of followed) {
      if (one.isDirty) {
        one.isDirty = false;
        const found =
          state === null
            ? ({ health: 'unknown', reason: refusal } as const)
            : localVerdict(one.target, state);
        const key = `${found.health} ${found.reason}`;
        if (key !== one.fed) {
          one.fed = key;
          answer({ id, ...found });
        }
      }
    }
  }

  function note(event: RouteEvent): void {
    for (const one of followed.values()) {
      one.isDirty ||= event.type === 'snapshot' || isAbout(event, one.target);
    }
  }

  /** What a watch knows now. */
  function stateOf(routes: RouteWatch): LocalState {
    return {
      get routes() {
        return routes.routes;
      },
      get addresses() {
        return routes.addresses;
      },
      indexOf: (name) => netif.resolve(name)?.index ?? null,
    };
  }

  function follow(scope: ReturnType<typeof scopeOf>): void {
    try {
      const routes = watchRoutes({ libc, ...scope });
      watch = { scope: JSON.stringify(scope), routes };
      const state = stateOf(routes);
      routes.subscribe(note, () => judge(state, ''));
    } catch (error) {
      judge(null, (error as Error).message);
    }
  }

  return {
    /** Others from now on. */
    replace(next: LocalTargets): void {
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
      } else if (watch?.scope !== JSON.stringify(scope)) {
        close();
        follow(scope);
      } else {
        judge(stateOf(watch.routes), '');
      }
    },
    [Symbol.dispose]() {
      close();
      netif.close();
    },
  };
}

/** The least that a watch has to list. */
function scopeOf(targets: readonly LocalTarget[]) {
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
function isAbout(event: Exclude<RouteEvent, { type: 'snapshot' }>, target: LocalTarget): boolean {
  return target.kind === 'route'
    ? event.kind === 'route' && event.entry.destination === target.destination
    : event.kind === 'address' && event.entry.family === target.family;
}
