import { type Libc, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { linux } from '../abi/linux.ts';
import { socketAddress } from '../sockets/socket-address.ts';
import { type IpAddress, parseIpAddress } from '../target/ip-address.ts';
import { icmpTypes } from '../wire/echo.ts';

/** Hosts in memory that answer echo requests. */
export interface ScriptedHosts {
  /** For `openProbes({ libc })`: a Linux whose sockets reach these hosts alone, by ping. */
  readonly libc: Libc;
  /** The hosts that answer, by their addresses. Others are silent. */
  readonly answering: Set<string>;
  /** An errno (positive) with which every request fails to be sent; null: none fails. */
  refusal: number | null;
}

/** Tests of programs that probe need neither a network nor a right. Answers come in the next turn of the event loop. */
export function scriptedHosts(...answering: readonly string[]): ScriptedHosts {
  const target = targetOf('linux');
  const peers = new Map<number, Uint8Array>();
  const answers = new Map<number, Uint8Array[]>();
  const hosts = { answering: new Set(answering), refusal: null as number | null };
  const libc = scriptedLibc(
    {
      connect: (fd, address) => {
        peers.set(fd, Uint8Array.from(address));
        return 0;
      },
      setsockopt: () => 0,
      sendto(fd, bytes) {
        if (hosts.refusal !== null) {
          return -hosts.refusal;
        }
        const peer = peers.get(fd) as Uint8Array;
        if ([...hosts.answering].some((text) => sameHost(peer, text))) {
          const family = bytes[0] === icmpTypes.ipv4.request ? 'ipv4' : 'ipv6';
          const answer = Uint8Array.from(bytes);
          answer[0] = icmpTypes[family].reply;
          answers.set(fd, [...(answers.get(fd) ?? []), answer]);
          setImmediate(() => libc.wake(fd));
        }
        return bytes.length;
      },
      recvfrom(fd, into, _flags, from) {
        const answer = answers.get(fd)?.shift();
        if (answer === undefined) {
          return -target.errnoOf.EAGAIN;
        }
        into.set(answer);
        from?.set(peers.get(fd) as Uint8Array);
        return answer.length;
      },
    },
    { target, keepCalls: false },
  );
  return Object.assign(hosts, { libc });

  function sameHost(peer: Uint8Array, text: string): boolean {
    const address = parseIpAddress(text) as IpAddress;
    const scope = peer.length > 16 ? new DataView(peer.buffer).getUint32(24, true) : 0;
    return Buffer.from(socketAddress(target, linux, address, 0, scope)).equals(peer);
  }
}
