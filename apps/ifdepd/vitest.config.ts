import { availableParallelism } from 'node:os';
import { preset } from '@ifdepd/vitest-preset';

// Its unit tests replace modules, and change what belongs to a process: each file has one of its own.
export default preset(
  { isolate: true },
  {
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
