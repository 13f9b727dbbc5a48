import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { describe, expect, test } from 'vitest';
import { hostTarget } from '../../src/index.ts';
import { linux } from '../../src/targets/linux.ts';

type Numbers = Readonly<Record<string, number>>;

const abi = JSON.parse(readFileSync(new URL('../fixtures/abi.json', import.meta.url), 'utf8')) as {
  linux: { socket: Numbers; msg: Numbers; errno: Numbers; syslog: Numbers; fcntl: Numbers };
};

describe('a number of Linux equals that of the headers', () => {
  const { MSG_DONTWAIT, MSG_TRUNC, ...socket } = linux.socket;

  test.each(Object.entries(socket))('%s', (name, value) => {
    expect(value).toBe(abi.linux.socket[name]);
  });

  test.each(Object.entries({ MSG_DONTWAIT, MSG_TRUNC }))('%s', (name, value) => {
    expect(value).toBe(abi.linux.msg[name]);
  });

  test('struct sockaddr_un', () => {
    expect(linux.unixAddress.size).toBe(abi.linux.socket['sockaddr_un']);
  });

  test.each(Object.entries(linux.syslog))('%s', (name, value) => {
    expect(value).toBe(abi.linux.syslog[name]);
  });

  test.each(Object.entries(linux.fcntl))('%s', (name, value) => {
    expect(value).toBe(abi.linux.fcntl[name]);
  });

  test.each(Object.entries(linux.errno))('errno %s', (errno, [code]) => {
    expect(Number(errno)).toBe(abi.linux.errno[code]);
  });

  test('every errno of the headers has a message', () => {
    const { EWOULDBLOCK, ENOTSUP, ...distinct } = abi.linux.errno;
    expect([EWOULDBLOCK, ENOTSUP]).toEqual([distinct['EAGAIN'], distinct['EOPNOTSUPP']]);
    expect(
      Object.values(linux.errno)
        .map(([code]) => code)
        .sort(),
    ).toEqual(Object.keys(distinct).sort());
  });

  test.each(Object.entries(linux.errnoOf))('errnoOf.%s', (name, value) => {
    expect(value).toBe(abi.linux.errno[name]);
  });
});

describe('the table of Linux on a Linux host', () => {
  test('Node has the same errnos under the same names', (ctx) => {
    if (hostTarget() !== linux) {
      return ctx.skip('not Linux');
    }
    const names = new Map([...getSystemErrorMap()].map(([errno, [name]]) => [name, -errno]));
    const shared = Object.entries(linux.errno).filter(([, [code]]) => names.has(code));
    expect(shared.length).toBeGreaterThan(30);
    for (const [errno, [code]] of shared) {
      // libuv calls EOPNOTSUPP by its other name.
      expect([code, names.get(code)]).toEqual([code, Number(errno)]);
    }
  });

  test('the messages are those of strerror(3), in lower case', (ctx) => {
    const header = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;
    if (header.glibcVersionRuntime === undefined) {
      return ctx.skip('not glibc: its words differ');
    }
    const numbers = Object.keys(linux.errno);
    const { error, stdout } = spawnSync('perl', ['-e', '$! = $_, print "$!\\n" for @ARGV', ...numbers], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    if (error !== undefined) {
      return ctx.skip('no perl(1) to ask strerror(3) with');
    }
    const words = stdout.trimEnd().split('\n');
    const ours = Object.values(linux.errno).map(([, text]) => text);
    expect(ours).toEqual(words.map((text) => text.toLowerCase()));
  });
});
