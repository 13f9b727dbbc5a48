/** Modules that a start on Linux does not run before its first decision, in a file of their own. */
export interface LaterFile {
  /** Its name, without the ending. */
  readonly name: string;
  /** The modules by their paths from the root of the repository. */
  readonly modules: readonly string[];
}

/** Numbers and messages of BSD and macOS. */
const bsd: LaterFile = {
  name: 'bsd',
  modules: [
    ...within('packages/libc/src/targets', 'bsd-errno bsd-numbers darwin dragonfly freebsd netbsd openbsd'),
    ...within('packages/linkwatch/src/abi', 'bsd darwin darwin-carrier dragonfly freebsd netbsd openbsd'),
    ...within('packages/linkwatch/src/backends', 'carrier-socket read-carrier receive-message'),
    ...within('packages/linkwatch/src/backends', 'route-options route-socket'),
    ...within(
      'packages/linkwatch/src/wire',
      'cursor link-notes route-link route-messages sockaddr-dl text-at',
    ),
    ...within('packages/netif/src/abi', 'bsd darwin dragonfly freebsd netbsd openbsd'),
  ],
};

/** What every daemon does after its first decision, and what it answers. */
const later: LaterFile = {
  name: 'later',
  modules: [
    ...within('packages/policy/src', 'graph simulate'),
    ...within(
      'packages/policy/src/explain',
      'conditions describe difference explain foresee release sentence',
    ),
    ...within('packages/policy/src/explain', 'together ways'),
    ...within('packages/policy/src/saved', 'memory parse rebuild restart saved'),
    ...within('packages/libc/src', 'polled linux/clock-steps'),
    ...within('packages/netlink/src', 'generic'),
    ...within('packages/linkwatch/src', 'event-queue event-stream linux/dependents linux/narrow-sockets'),
    ...within('packages/linkwatch/src', 'backends/polling sysfs/other-namespace sysfs/read-links'),
    ...within('packages/linkwatch/src', 'wire/link-state-filters'),
    ...within('packages/netif/src/linux', 'carrier-counter flag-requests'),
    ...within('apps/ifdepd/src/cli/output', 'terminal'),
    ...within('apps/ifdepd/src/config', 'duration fits'),
    ...within('apps/ifdepd/src/daemon', 'daemon-of'),
    ...within('apps/ifdepd/src/engine', 'explain-parts net-transitions resume'),
    ...within('apps/ifdepd/src/engine/destinations', 'demotion exec file presences protodown replace-text'),
    ...within('apps/ifdepd/src/engine/destinations', 'text-file vf vhid weight'),
    ...within('apps/ifdepd/src/identity', 'candidates'),
    ...within('apps/ifdepd/src/linux/kernel-failover', 'behind cover linked-calls negation plan'),
    ...within('apps/ifdepd/src/linux/kernel-failover', 'repair-guard'),
    ...within('apps/ifdepd/src/report', 'decision-lines metrics-text probe-families text-format'),
    ...within('apps/ifdepd/src/service', 'follow-names former-actions pidfile release-forgotten'),
    ...within('apps/ifdepd/src/service', 'report-members stop until-applied'),
    ...within('apps/ifdepd/src/state', 'release'),
    ...within('apps/ifdepd/src/system', 'unix-address'),
    ...within('apps/ifdepd/src/tuning', 'sched-slice v8-idle warm-up'),
  ],
};

/** test/integration/start.netns.test.ts fails where a start runs one of these modules too early. */
export const laterFiles: readonly LaterFile[] = [bsd, later];

function within(folder: string, names: string): string[] {
  return names.split(' ').map((name) => `${folder}/${name}.ts`);
}
