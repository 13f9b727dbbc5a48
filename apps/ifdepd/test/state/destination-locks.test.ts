import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadLibc } from '@ifdepd/libc';
import { bundle } from '@ifdepd/packed';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { destinationLocks, holderOf } from '../../src/state/destination-locks.ts';
import type { Answer, Order } from '../children/locker.ts';

const libc = loadLibc();
let runtime: string;
let file: string;
beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'ifdepd-locks-'));
  file = join(runtime, 'locks', '0-carp0');
  vi.stubEnv('RUNTIME_DIRECTORY', runtime);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(runtime, { recursive: true });
});

/** Makes the lock file of a killed process. */
function stale(): void {
  mkdirSync(join(runtime, 'locks'), { recursive: true });
  writeFileSync(file, `${spawnSync('true').pid} 12345`);
}

test('a lock file names its process, has mode 0600, and is empty after the unlock', () => {
  const locks = destinationLocks(libc, 0, expect.unreachable);
  locks.take(['carp0']);
  expect(holderOf('carp0', 0)).toBe(process.pid);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  locks.drop(['carp0']);
  expect(holderOf('carp0', 0)).toBeNull();
  expect(readFileSync(file, 'latin1')).toBe('');
});

test.each(['writeSync', 'ftruncateSync'] as const)(
  'a lock whose %s fails is held, and can be taken again after it was dropped',
  (call) => {
    const fs = process.getBuiltinModule('node:fs');
    const spy = vi.spyOn(fs, call).mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    });
    syncBuiltinESMExports();
    const locks = destinationLocks(libc, 0, expect.unreachable);
    using second = destinationLocks(libc, 0, expect.unreachable);
    try {
      locks.take(['carp0']);
      expect(() => second.take(['carp0'])).toThrowError(/^carp0: held by /);
      locks.drop(['carp0']);
    } finally {
      spy.mockRestore();
      syncBuiltinESMExports();
    }
    second.take(['carp0']);
  },
);

test('a file is held in all network namespaces, by each of its paths; an interface in its own namespace', () => {
  const real = (path: string) => path.replace('/link/', '/real/');
  const owned = (id: string) => (id.startsWith('/') ? real(id) : id);
  using first = destinationLocks(libc, 0, expect.unreachable, runtime, owned);
  first.take(['/run/link/x', 'carp0']);
  for (const namespace of [0, 7]) {
    using second = destinationLocks(libc, namespace, expect.unreachable, runtime, owned);
    expect(() => second.take(['/run/real/x'])).toThrowError(
      /^\/run\/real\/x: held by the ifdepd with process id/,
    );
  }
  using other = destinationLocks(libc, 7, expect.unreachable, runtime, owned);
  other.take(['carp0']);
  first.drop(['/run/link/x']);
  other.take(['/run/real/x']);
});

test('names with bytes that are not UTF-8 get lock files of their own', () => {
  using first = destinationLocks(libc, 0, expect.unreachable);
  first.take(['dst\udc80', 'dst\udc81', 'dst\ufffd', 'dst%uDC80']);
  expect(holderOf('dst\udc80', 0)).toBe(process.pid);
  using second = destinationLocks(libc, 0, expect.unreachable);
  expect(() => second.take(['dst\udc81'])).toThrowError(/^dst\udc81: held by the ifdepd with process id \d+/);
  first.drop(['dst\udc80']);
  second.take(['dst\udc80']);
});

test('a lock file of a dead process is taken over', () => {
  stale();
  using locks = destinationLocks(libc, 0, expect.unreachable);
  locks.take(['carp0']);
  expect(holderOf('carp0', 0)).toBe(process.pid);
});

test('a destination with an invisible holder stays locked', () => {
  using first = destinationLocks(libc, 0, expect.unreachable);
  first.take(['carp0']);
  // As a process in another container would have written it.
  writeFileSync(file, `${spawnSync('true').pid} 12345`);
  using second = destinationLocks(libc, 0, expect.unreachable);
  expect(() => second.take(['carp0'])).toThrowError(/^carp0: held by another ifdepd that cannot be seen/);
});

describe('twenty processes at once', () => {
  const count = 20;
  const rounds = 50;
  let module: ReturnType<typeof bundle>;
  let lockers: ChildProcess[];

  beforeEach(() => {
    module = bundle(fileURLToPath(new URL('../..', import.meta.url)), { file: 'test/children/locker.ts' });
    lockers = Array.from({ length: count }, () => fork(module.path));
  });
  afterEach(() => {
    for (const locker of lockers) {
      locker.kill('SIGKILL');
    }
    module[Symbol.dispose]();
  });

  async function tell(some: readonly ChildProcess[], order: Order): Promise<(string | null)[]> {
    const answers = some.map(async (locker) => ((await once(locker, 'message')) as [Answer])[0].refusal);
    for (const locker of some) {
      locker.send(order);
    }
    return Promise.all(answers);
  }

  test('over a lock that was left behind: exactly one has it, and the others name that one', async () => {
    await tell(lockers, 'drop');
    for (let round = 0; round < rounds; round += 1) {
      stale();
      const refusals = await tell(lockers, { takeAt: Date.now() + 10 });
      const winners = lockers.filter((_, index) => refusals[index] === null);
      expect(winners).toHaveLength(1);
      const words = `carp0: held by the ifdepd with process id ${winners[0]?.pid}. Stop it, or override it with --force`;
      expect(refusals.filter((refusal) => refusal !== null)).toEqual(Array(count - 1).fill(words));
      await tell(winners, 'drop');
    }
  });
});

describe('where others can write', () => {
  const places: [string, () => string][] = [
    [
      'a directory of everybody',
      () => {
        chmodSync(runtime, 0o777);
        return `${runtime} is writable by others`;
      },
    ],
    [
      'a lock that is a symbolic link',
      () => {
        writeFileSync(join(runtime, 'victim'), 'precious');
        mkdirSync(join(runtime, 'locks'));
        symlinkSync(join(runtime, 'victim'), file);
        return `${file}: ELOOP`;
      },
    ],
    [
      'a directory of locks that everybody may write to',
      () => {
        mkdirSync(join(runtime, 'locks'));
        chmodSync(join(runtime, 'locks'), 0o1777);
        return `${join(runtime, 'locks')} is writable by others`;
      },
    ],
  ];
  test.each(places)('%s: nothing is locked, and a warning says so', (_, prepare) => {
    const reason = prepare();
    const reasons: string[] = [];
    using locks = destinationLocks(libc, 0, (reason) => reasons.push(reason));
    locks.take(['carp0']);
    expect(reasons).toEqual([expect.stringContaining(reason)]);
    expect(reasons[0]).toMatch(/^destinations are not locked: /);
    if (reason.includes('ELOOP')) {
      expect(readFileSync(join(runtime, 'victim'), 'utf8')).toBe('precious');
    }
  });
});

describe('a destination whose interface goes by another name', () => {
  /** Two daemons of this process: flock(2) is of the open file. */
  const locked = (names: ReadonlyMap<string, string>) =>
    destinationLocks(libc, 0, expect.unreachable, runtime, (id) => names.get(id) ?? null);

  test('a lock on an interface with two names holds both: a daemon that uses either is refused', () => {
    using first = locked(new Map([['vip0', 'carp0']]));
    first.take(['vip0']);
    using second = locked(new Map([['vip1', 'carp0']]));
    expect(() => second.take(['carp0'])).toThrow(/^carp0: held by the ifdepd with process id \d+/);
    expect(() => second.take(['vip1'])).toThrow(/^vip1 \(carp0\): held by the ifdepd with process id \d+/);
    expect(() => second.take(['vip0'])).toThrow(/^vip0: held by/);
    first.drop(['vip0']);
    expect(() => second.take(['carp0', 'vip1', 'vip0'])).not.toThrow();
  });

  test('stays held while one of two destinations that are this interface is ours', () => {
    using first = locked(new Map([['vip0', 'carp0']]));
    first.take(['vip0', 'carp0']);
    first.drop(['vip0']);
    using second = locked(new Map());
    expect(() => second.take(['carp0'])).toThrow(/^carp0: held by/);
    first.drop(['carp0']);
    expect(() => second.take(['carp0'])).not.toThrow();
  });

  test('a lock follows its name to another interface', () => {
    const names = new Map([['vip0', 'carp0']]);
    using first = locked(names);
    first.take(['vip0']);
    names.set('vip0', 'carp1');
    expect(first.follow('vip0')).toBeNull();
    using second = locked(new Map());
    expect(() => second.take(['carp0'])).not.toThrow();
    expect(() => second.take(['carp1'])).toThrow(/^carp1: held by/);
  });

  test('a lock on an interface with two names that another daemon holds is taken once that one ends', () => {
    using other = locked(new Map());
    other.take(['carp1']);
    const names = new Map([['vip0', 'carp0']]);
    using first = locked(names);
    first.take(['vip0']);
    names.set('vip0', 'carp1');
    expect(first.follow('vip0')).toMatch(/^the ifdepd with process id \d+$/);
    other.drop(['carp1']);
    expect(first.follow('vip0')).toBeNull();
    expect(() => other.take(['carp1'])).toThrow(/held by/);
  });
});
