import assert from 'node:assert';
import { inspect } from 'node:util';
import { type Platform, SystemError, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { abis, type NetIf, openNetIf } from '../../src/index.ts';
import { bytesOf, captures } from '../support/captures.ts';

const platforms = Object.keys(abis) as Platform[];
const questions: readonly ((netif: NetIf) => unknown)[] = [
  (netif) => netif.flags('em0'),
  (netif) => netif.setAdmin('em0', 'down'),
  (netif) => netif.setAdmin('em0', 'up'),
  (netif) => netif.media('em0'),
  (netif) => netif.carp('carp0'),
  (netif) => netif.carp('1@em0'),
  (netif) => netif.setAdvskew('1@em0', 240),
  (netif) => netif.maySet('em0'),
];

/** The number of leading bytes that choose the system, the request, and the call that fails with its errno. */
const CHOICES = 4;

/** Every question to every system, with answers that kernels gave, or nothing but ones. */
export const seeds: readonly Uint8Array[] = [
  ...platforms.flatMap((_, platform) =>
    questions.map((_, question) => Uint8Array.of(platform, question, 0xff, 0, ...Array(64).fill(1))),
  ),
  ...captures(/./).map(([, { os, hex }], at) =>
    Uint8Array.of(platforms.indexOf(os), at % questions.length, 0xff, 0, ...bytesOf(hex)),
  ),
];

/** The answers of a driver to the ioctls for flags, media and carp: numbers only, for any bytes. */
export function fuzz(input: Uint8Array): void {
  const [platform = 0, question = 0, failing = 0, errno = 0] = input;
  const answer = input.subarray(CHOICES);
  const target = targetOf(platforms[platform % platforms.length] as Platform);
  let calls = 0;
  const libc = scriptedLibc(
    {
      ioctl(_fd, _request, argument) {
        const block = pointedTo(argument);
        argument.set(answer.subarray(0, Math.max(0, argument.byteLength - 16)), 16);
        block?.set(answer.subarray(0, block.byteLength));
        calls += 1;
        return calls === failing ? -(1 + (errno % 95)) : 0;
      },
    },
    { target, keepCalls: false },
  );
  function pointedTo(argument: Uint8Array): Uint8Array | null {
    try {
      return libc.at(new DataView(argument.buffer, argument.byteOffset).getBigUint64(16, true));
    } catch {
      return null;
    }
  }
  using netif = openNetIf({ libc });
  try {
    const said = questions[question % questions.length]?.(netif);
    assert(whole(said), inspect(said));
  } catch (error) {
    assert(error instanceof SystemError);
  }
  assert(calls < 8);
}

/** Checks that an answer has no undefined member and no NaN. */
function whole(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.values(value).every(whole)
    : value !== undefined && !Number.isNaN(value) && value !== Number.POSITIVE_INFINITY;
}
