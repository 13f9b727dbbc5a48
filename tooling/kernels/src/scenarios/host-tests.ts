import { repository } from '../cache.ts';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from './scenario.ts';

/** Where the guest sees this machine's files: it may change them, and the changes stay in its memory. */
const ROOT = '/run/tests';

/** Where it sees its own there. */
const GUEST = '/mnt';

/** How long the tests may take on a quiet machine, which emulates ten of them from their sources. */
const TESTS_QUIET_MS = 600_000;

const mount = `set -e
mkdir -p /run/shared /run/changed/files /run/changed/work ${ROOT}
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=262144 shared /run/shared
mount -t overlay -o lowerdir=/run/shared,upperdir=/run/changed/files,workdir=/run/changed/work overlay ${ROOT}
for name in proc sys dev; do mount --rbind /$name ${ROOT}/$name; done
mount -t tmpfs tmpfs ${ROOT}/run
mount --bind / ${ROOT}${GUEST}
`;

const unmount = `for name in ${GUEST} run dev sys proc; do umount -l ${ROOT}/$name; done
umount -l ${ROOT} /run/shared
rm -rf /run/changed`;

/** How many times as long as here a processor may take that is emulated. */
const EMULATED_SLOWER = 40;

/** Tests of this repository that the guest runs from the files of this machine. */
interface HostTests {
  readonly name: string;
  /** The folder of the package. */
  readonly folder: string;
  /** The beginning of the names of the test files. */
  readonly files: string;
}

/** Runs tests with the Node of the guest. */
async function test(lab: Lab, { folder, files }: HostTests): Promise<string> {
  const slower = lab.guest.accelerator === 'tcg' ? EMULATED_SLOWER : 1;
  const { status: pid } = await lab.guest.ask({
    do: 'start',
    argv: [
      ...[
        'env',
        'NO_COLOR=1',
        `IFDEPD_TEST_SLOWER=${slower}`,
        'chroot',
        ROOT,
        'sh',
        '-c',
        `cd ${repository}/${folder} && exec "$0" "$@"`,
      ],
      ...[`${GUEST}/usr/bin/node`, `${repository}/node_modules/vitest/vitest.mjs`],
      ...['run', '--project', 'netns', files],
    ],
  });
  const { observations } = lab.guest;
  const ending = (): string | undefined =>
    observations.flatMap((one) => (one.see === 'ended' && one.pid === pid ? [one.how] : []))[0];
  const said = (): readonly string[] =>
    observations.flatMap((one) => (one.see === 'line' && one.pid === pid ? [one.text] : []));
  await lab.wait('the tests to end', () => ending() !== undefined, TESTS_QUIET_MS);
  if (ending() !== 'exit 0') {
    throw new Error(`the tests ended with ${ending()}:\n${said().slice(-100).join('\n')}`);
  }
  return said().flatMap((line) => /^\s*Tests\s+(.*)$/.exec(line)?.[1] ?? [])[0] ?? '';
}

function scenario(tests: HostTests): Scenario {
  return {
    name: tests.name,
    modules: ['9pnet_virtio', '9p', 'overlay'],
    notOnArm64: 'the tests run from the files of this machine, whose programs are for another one',
    async run(lab) {
      await lab.sh(mount);
      try {
        return await test(lab, tests);
      } finally {
        await lab.sh(unmount);
      }
    },
  };
}

/** Tests that need no more than a network namespace: of the daemon, and of the scripted Linux beside the kernel of the guest. */
export const hostTestScenarios: readonly Scenario[] = [
  { name: 'faults R1 to R9', folder: 'apps/ifdepd', files: 'test/faults/r0' },
  {
    name: 'the scripted Linux is like this kernel',
    folder: 'tooling/scripted-kernels',
    files: 'test/linux/',
  },
].map(scenario);
