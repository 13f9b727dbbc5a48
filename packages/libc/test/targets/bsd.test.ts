import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ErrnoEntry, type Target, targetOf } from '../../src/index.ts';

type Numbers = Readonly<Record<string, number>>;
type Group = 'socket' | 'msg' | 'fcntl' | 'errno' | 'syslog';
type Headers = Readonly<Record<Group, Numbers>> & {
  readonly strings: { libc_dlopen: string; libc_path?: string; socket_symbol?: string };
};

const abi = JSON.parse(readFileSync(new URL('../fixtures/abi.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Headers>
>;

describe.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'])('%s', (platform) => {
  const target: Target = targetOf(platform);
  const headers = abi[platform] as Headers;

  test('the socket numbers equal those of the headers', () => {
    const { MSG_DONTWAIT, MSG_TRUNC, SOCK_CLOEXEC, SOCK_NONBLOCK, ...socket } = target.socket;
    expect(headers.socket).toMatchObject(socket);
    expect(headers.msg).toMatchObject({ MSG_DONTWAIT, MSG_TRUNC });
    // macOS has neither: ours there must not look like a type.
    const flags = { SOCK_CLOEXEC, SOCK_NONBLOCK };
    expect(target.socketFlags).toBe('SOCK_CLOEXEC' in headers.socket ? 'at-socket' : 'after-socket');
    if (target.socketFlags === 'at-socket') {
      expect(headers.socket).toMatchObject(flags);
    }
    expect((SOCK_CLOEXEC | SOCK_NONBLOCK) & 0xff).toBe(0);
  });

  test('the layout of struct sockaddr_un equals that of the headers', () => {
    const { sockaddr_un: size } = headers.socket;
    expect(target.unixAddress).toEqual({ sun_len: 0, sun_family: 1, sun_path: 2, size });
  });

  test('the numbers of fcntl and syslog equal those of the headers', () => {
    const { O_NONBLOCK, ...fcntl } = target.fcntl;
    expect(headers.fcntl).toMatchObject({ ...fcntl, O_NONBLOCK });
    expect(headers.syslog).toMatchObject(target.syslog);
  });

  test('the table has every errno of the headers under its number, and no other', () => {
    const { EWOULDBLOCK, ...distinct } = headers.errno;
    expect(EWOULDBLOCK).toBe(distinct['EAGAIN']);
    const ours = Object.entries(target.errno).map(([number, [code]]) => [code, Number(number)]);
    const theirs = Object.entries(distinct).filter(
      // Two names for one number: the table has EOPNOTSUPP.
      ([code, number]) => !(code === 'ENOTSUP' && number === distinct['EOPNOTSUPP']),
    );
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
    expect(headers.errno).toMatchObject(target.errnoOf);
  });

  test('every errno has a message', () => {
    for (const [code, text] of Object.values<ErrnoEntry>(target.errno)) {
      expect(code).toMatch(/^E[A-Z0-9]+$/);
      expect(text).toMatch(/^[a-z][a-z '/]+$/);
    }
  });

  test('the names of the library and of its socket symbol equal those of the system', () => {
    expect(target.library).toBe(headers.strings.libc_path ?? headers.strings.libc_dlopen);
    expect(target.socketSymbol).toBe(headers.strings.socket_symbol ?? 'socket');
  });
});
