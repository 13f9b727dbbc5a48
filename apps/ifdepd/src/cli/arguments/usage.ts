import { commandList } from './command-table.ts';

/** What a bare `ifdepd` prints. */
export const synopsis = `usage: ifdepd [-v|-q] [-d] -S src[:src...] -D dst[:dst...]
       ifdepd [-v|-q] [-d] -f FILE
       ifdepd COMMAND [...]`;

/**
 * What `ifdepd --help` prints; 80 columns.
 *
 * @param runDirectory where the system keeps pid files and sockets
 */
export const help = (runDirectory: string): string => `${synopsis}

When any source interface fails (no carrier, set down, gone), every destination
interface is set down. When all sources are active again, every destination is
set up.

  -S, --source LIST        interfaces to watch, ':' or ',' between them
  -D, --destination LIST   interfaces to set, ':' or ',' between them
                           (both may be given several times)
      --require WHAT       all (default), any, N or P% of the sources
      --down-delay TIME    failed for so long before going down
      --up-delay TIME      active for so long before coming up
      --start-delay TIME   no failure is acted on for so long after the start
      --start-hold TIME    down for so long after the start, whatever is active
      --enforce HOW        down (default), always, never: what to do when
                           somebody else sets a destination
      --raise WHICH        always (default), owned: only what ifdepd lowered
      --on-exit WHAT       leave (default), restore, up, down
      --action HOW         admin (default), protodown (Linux)
  -f, --config FILE        several groups, checks, hooks: ifdepd.conf(5)

  -d, --daemon             run in the background and log to syslog; returns when
                           the first decision has been applied
  -v, --verbose            tell every transition with its cause
  -q, --quiet              tell nothing at all
  -n, --check              check names and privilege, then exit
  -p, --pidfile FILE       write the process id to FILE
                           (with -d, default ${runDirectory}/ifdepd.pid)
      --log-format FORMAT  text (default), json
      --log-target WHERE   auto (default), stderr, syslog, journal
      --early-loss WHEN    auto (default), off, TIME: ask drivers for carriers
                           while the kernel may delay its messages
      --kernel-failover WHEN
                           auto (default), off: the Linux kernel sets
                           destinations down by itself where it can
  -s, --socket PATH        control socket (default ${runDirectory}/ifdepd/ifdepd.sock)
      --no-socket          no control socket
      --metrics ADDRESS    ADDR:PORT or PORT: Prometheus
      --force              although another daemon holds a destination
      --wait               start although interfaces are missing: a missing
                           source has failed
      --once               decide, apply, exit
      --dry-run            decide and say what would be set; set nothing
      --netns NAME         Linux: work in a network namespace of ip-netns(8)
  -h, --help               this text
  -V, --version            the version

TIME is 250ms, 3s, 2m, 1h30m; a plain number is seconds.

commands (each knows --help):
${commandList()}

example:
  ifdepd -d -S em0:bge0 -D carp0:carp1
      Losing either of em0 and bge0 takes both carp interfaces down, so that the
      other gateway takes over on both sides.

exit codes:
  0 fine  1 interface missing, or not set with --once  64 usage
  65 bad configuration  69 no daemon answers  70 internal error
  71 system call failed  75 another daemon holds it  77 not permitted

signals:
  TERM, INT  stop, leaving the destinations as they are (twice: at once)
  HUP        read the configuration and the state of every interface again
  USR1       status to the log
`;
