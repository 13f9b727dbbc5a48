import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { linux } from '@ifdepd/netlink';
import { expect, test } from 'vitest';
import { openRtnetlink } from '../../src/backends/rtnetlink.ts';
import type { LinkScope } from '../../src/interest.ts';

const EPERM = 1;
const ENOMEM = 12;
const ENOBUFS = 105;
const { SOL_SOCKET } = targetOf('linux').socket;
const { SO_ATTACH_FILTER, SO_DETACH_FILTER } = linux.socket;
/** The offset of ifi_index in a request of a link. */
const IFI_INDEX = 20;

/** A socket whose calls are noted once it is open: 'attach', 'detach', 'read' and the index, 'read a name'. */
function opened(refuses: { attach?: number; detach?: number; read?: number } = {}) {
  const done: string[] = [];
  const note = (what: string, errno = 0) => {
    done.push(what);
    return -errno;
  };
  const libc = scriptedLibc({
    bind: () => 0,
    setsockopt(_fd, level, option) {
      if (level === SOL_SOCKET && option === SO_ATTACH_FILTER) {
        return note('attach', refuses.attach);
      }
      return level === SOL_SOCKET && option === SO_DETACH_FILTER ? note('detach', refuses.detach) : 0;
    },
    sendto(_fd, bytes) {
      const index = new DataView(bytes.buffer, bytes.byteOffset).getInt32(IFI_INDEX, true);
      return note(index === 0 ? 'read a name' : `read ${index}`, refuses.read);
    },
  });
  const backend = openRtnetlink({ libc, receiveBufferBytes: 4096 });
  done.length = 0;
  return { done, narrow: (scope: LinkScope | null) => backend.narrow?.(scope) };
}

const names = ['eth0', 'eth1'];
const both: LinkScope = { names, loose: [], indices: [2, 3] };

test('the first scope gets a filter, and nothing is read', () => {
  const { done, narrow } = opened();
  expect([narrow(both), done]).toEqual([0, ['attach']]);
});

test('the same scope again costs no system call', () => {
  const { done, narrow } = opened();
  narrow(both);
  narrow({ names, loose: [], indices: [2, 3] });
  expect(done).toEqual(['attach']);
});

test.each<[string, LinkScope]>([
  ['other names', { ...both, names: ['eth0', 'eth2'] }],
  ['other links', { ...both, indices: [2, 4] }],
  ['one link more', { ...both, indices: [2, 3, 4] }],
  ['a name that no link has', { ...both, loose: ['eth1'] }],
])('a scope with %s gets another filter', (_what, scope) => {
  const { done, narrow } = opened();
  narrow(both);
  narrow(scope);
  expect(done.filter((what) => what === 'attach')).toHaveLength(2);
});

test('without a scope the filter is removed, and nothing is read', () => {
  const { done, narrow } = opened();
  narrow(both);
  expect([narrow(null), narrow(null), done]).toEqual([0, 0, ['attach', 'detach']]);
});

test('links that are new in a scope are read, as the filter before may have dropped their messages', () => {
  const { done, narrow } = opened();
  narrow(both);
  narrow({ names, loose: [], indices: [2, 7, 9] });
  expect(done).toEqual(['attach', 'attach', 'read 7', 'read 9']);
});

test('the link of a name that is loose now is read, unless the filter before looked at every name', () => {
  const { done, narrow } = opened();
  narrow(both);
  narrow({ names, loose: ['eth1'], indices: [2] });
  narrow({ names, loose: ['eth0', 'eth1'], indices: [] });
  expect(done).toEqual(['attach', 'attach', 'read a name', 'attach']);
});

test('a refused request is the result, and the requests behind it are not made', () => {
  const refuses: { read?: number } = {};
  const { done, narrow } = opened(refuses);
  narrow(both);
  refuses.read = ENOBUFS;
  expect(narrow({ names, loose: [], indices: [7, 9] })).toBe(-ENOBUFS);
  expect(done).toEqual(['attach', 'attach', 'read 7']);
});

test('a filter that the kernel refuses at first: every message comes, which is no failure', () => {
  const { done, narrow } = opened({ attach: EPERM, detach: EPERM });
  expect([narrow(both), done]).toEqual([0, ['attach', 'detach']]);
});

test('a filter that can be neither replaced nor removed is an error, and the scope is wanted again', () => {
  const refuses: { attach?: number; detach?: number } = {};
  const { done, narrow } = opened(refuses);
  narrow(both);
  const other = { ...both, indices: [2, 7] };
  refuses.attach = ENOMEM;
  refuses.detach = EPERM;
  expect(() => narrow(other)).toThrow(
    'rtnetlink socket: operation not permitted (setsockopt SO_DETACH_FILTER: EPERM)',
  );
  refuses.attach = 0;
  done.length = 0;
  narrow(other);
  expect(done).toEqual(['attach', 'read 7']);
});
