import type { WireguardPeer } from '@ifdepd/netlink/devices';
import { showDuration } from '../../config/duration.ts';
import type { SensorOf } from '../../config/sensor-target.ts';
import { failed, type Sensed } from './sensed.ts';

/**
 * Milliseconds for an answer to what was sent. WireGuard answers data within 10 s (KEEPALIVE_TIMEOUT), tries a handshake after 15 s
 * without an answer, and again each 5 s (REKEY_TIMEOUT).
 */
const SILENCE_MS = 25_000;

/** Bytes of a packet that only keeps the way open, and is not answered. */
const KEEPALIVE_BYTES = 32;

/** Keepalives besides those of the interval: one for what was received, and one on the way. */
const SPARE_KEEPALIVES = 2;

/** The facts known of a peer. */
interface Seen {
  readonly handshakeAtMs: number | null;
  /** Milliseconds since the handshake; Infinity before the first. */
  readonly ageMs: number;
  readonly rxBytes: number;
  /** What was sent when the last answer was found, and when that was. */
  readonly txBytes: number;
  readonly heardAt: number;
  /** Since when more was sent than is not answered; null while that is not so. */
  readonly silentSince: number | null;
}

/**
 * Judges the peers of an interface, each by the age of its handshake, and by what was sent without an answer. The tunnel is active while
 * one peer is. Ages go on by the monotonic clock: a clock that is set makes no handshake old.
 */
export function peerJudge({
  interface: name,
  handshakeWithinMs,
  everyMs,
}: Pick<SensorOf<'wireguard'>, 'interface' | 'handshakeWithinMs' | 'everyMs'>) {
  let seen: ReadonlyMap<string, Seen> = new Map();
  let lastAt = 0;

  /** @param now monotonic milliseconds. @param wallNow milliseconds since the epoch */
  return (peers: readonly WireguardPeer[], now: number, wallNow: number): Sensed => {
    const elapsed = now - lastAt;
    lastAt = now;
    seen = new Map(
      peers.map((peer) => [
        peer.publicKey,
        look(seen.get(peer.publicKey), peer, { now, wallNow, elapsed, everyMs }),
      ]),
    );
    const all = [...seen.values()];
    const fresh = all.filter(({ ageMs }) => ageMs <= handshakeWithinMs);
    const silentFor = ({ silentSince }: Seen) => (silentSince === null ? 0 : now - silentSince);
    const answering = fresh.filter((one) => silentFor(one) < SILENCE_MS).length;
    const youngest = Math.min(...all.map(({ ageMs }) => ageMs));
    const detail = {
      peers: all.length,
      answeringPeers: answering,
      handshakeSeconds: Number.isFinite(youngest) ? Math.round(youngest / 1000) : null,
    };
    const warning = peers.some(({ keepaliveSeconds }) => keepaliveSeconds > 0)
      ? {}
      : {
          warning: `no peer of ${name} has a persistent keepalive: an idle tunnel makes no handshake, and fails`,
        };
    return {
      ...(answering > 0
        ? { health: 'active' as const, reason: activeReason(name, answering, all.length), detail }
        : { ...failed(fault(name, all, fresh, youngest, silentFor), detail), key: 'no answer' }),
      ...warning,
    };
  };
}

function activeReason(name: string, answering: number, peers: number): string {
  return peers === 1 ? `the peer of ${name} answers` : `${answering} of ${peers} peers of ${name} answer`;
}

function fault(
  name: string,
  all: readonly Seen[],
  fresh: readonly Seen[],
  youngest: number,
  silentFor: (one: Seen) => number,
): string {
  if (all.length === 0) {
    return `${name} has no peer`;
  }
  if (fresh.length > 0) {
    const silence = Math.min(...fresh.map(silentFor));
    return `no answer from any peer of ${name} for ${showDuration(silence)}, while it sends`;
  }
  return Number.isFinite(youngest)
    ? `no handshake with any peer of ${name} for ${showDuration(youngest)}`
    : `no handshake with any peer of ${name} yet`;
}

interface Moment {
  readonly now: number;
  readonly wallNow: number;
  /** Milliseconds since the last reading. */
  readonly elapsed: number;
  readonly everyMs: number;
}

function look(was: Seen | undefined, peer: WireguardPeer, { now, wallNow, elapsed, everyMs }: Moment): Seen {
  const { handshakeAtMs, rxBytes, txBytes, keepaliveSeconds } = peer;
  const byClock = handshakeAtMs === null ? Number.POSITIVE_INFINITY : Math.max(0, wallNow - handshakeAtMs);
  const isSame = was !== undefined && was.handshakeAtMs === handshakeAtMs;
  // A new handshake was made since the last reading, whatever the clock says.
  const ageMs = isSame ? was.ageMs + elapsed : was === undefined ? byClock : Math.min(byClock, elapsed);
  const age = { handshakeAtMs, ageMs, rxBytes };
  const isLate = elapsed > 2 * everyMs;
  if (was === undefined || isLate || rxBytes !== was.rxBytes || txBytes < was.txBytes) {
    return { ...age, txBytes, heardAt: now, silentSince: null };
  }
  const { heardAt } = was;
  const intervals =
    keepaliveSeconds === 0 ? 0 : Math.ceil((now - heardAt + everyMs) / 1000 / keepaliveSeconds);
  const unanswered = KEEPALIVE_BYTES * (SPARE_KEEPALIVES + intervals);
  const isSilent = txBytes - was.txBytes > unanswered;
  return { ...age, txBytes: was.txBytes, heardAt, silentSince: isSilent ? (was.silentSince ?? now) : null };
}
