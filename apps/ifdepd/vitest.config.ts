import { availableParallelism } from 'node:os';
import { preset } from '@ifdepd/vitest-preset';

export default preset(
  // Its unit tests take longest of all in `npm test`, so no processor is left idle, as vitest would do.
  { maxWorkers: availableParallelism() },
  {
    isolated: [
      'test/config/plain-json.test.ts',
      'test/programs/file-check.test.ts',
      'test/programs/run-command.test.ts',
      'test/service/compiled-once.test.ts',
    ],
    longest: [
      'test/config/large-files.test.ts',
      'test/bsd/failing-calls.test.ts',
      'test/faults/r22-errnos.netns.test.ts',
      // The kernel takes longer to remove the interfaces of the other file in `large`, and the next one waits for that.
      'test/integration/examination.netns.test.ts',
    ],
    // They wait more than they compute, and are most of all network tests.
    netnsWorkers: availableParallelism() + 1,
    alone: ['test/faults/r20-control-socket.netns.test.ts'],
    large: ['test/faults/r23-large-host.netns.test.ts', 'test/integration/examination.netns.test.ts'],
    root: [
      'test/faults/r01-receive-overrun.netns.test.ts',
      'test/faults/r16-two-daemons.netns.test.ts',
      'test/faults/r22-no-descriptors.netns.test.ts',
      'test/integration/attacks.netns.test.ts',
      'test/integration/background.netns.test.ts',
      'test/integration/command-line.netns.test.ts',
      'test/integration/config.netns.test.ts',
      'test/integration/early-loss-counters.netns.test.ts',
      'test/integration/failover.netns.test.ts',
      'test/integration/journal.netns.test.ts',
      'test/integration/notify.netns.test.ts',
      'test/integration/probe-kinds.netns.test.ts',
      'test/integration/sandbox.netns.test.ts',
      'test/integration/service-install.netns.test.ts',
      'test/integration/sched-slice.netns.test.ts',
      'test/integration/side-by-side.netns.test.ts',
      'test/integration/smoke.netns.test.ts',
      'test/integration/start.netns.test.ts',
      'test/integration/systemd-features.netns.test.ts',
      'test/integration/systemd-units.netns.test.ts',
      'test/integration/systemd.netns.test.ts',
      'test/service/openrc.netns.test.ts',
    ],
  },
);
