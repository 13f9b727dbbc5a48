// Feeds messages about unwatched links. Prints how much was allocated for each, garbage included: started with
// a young generation so large that nothing is collected meanwhile, and with a compiler that does not work in parallel. Code
// that is not compiled yet allocates numbers, and how many messages it handles would depend on how busy the machine is.
import { LinkSession } from '../../src/session.ts';
import { bytes, delLink, done, linkRecord, newLink } from '../../src/testing/index.ts';
import { RtnetlinkDecoder } from '../../src/wire/netlink.ts';
import { print } from '../support/print.ts';

const MESSAGES = 100_000;

const decoder = new RtnetlinkDecoder();
const session = new LinkSession(decoder, () => undefined, false, ['eth0']);
session.request({
  requestSnapshot() {
    decoder.expect(1);
    return 0;
  },
});
const list = { sequence: 1, multi: true };
session.feed(bytes(newLink(linkRecord({ index: 2, name: 'eth0' }), list), done(list)));
session.rescope({});

const other = linkRecord({ index: 9, name: 'other0', altNames: ['another'], alias: 'of no interest' });
// In one buffer, as a socket has.
const two = bytes(newLink(other), delLink(other));

function storm(): void {
  for (let at = 0; at < MESSAGES; at += 2) {
    session.feed(two);
  }
}

storm();
globalThis.gc?.();
// The collection drops code that it takes for old: this compiles it again.
storm();
const before = process.memoryUsage().heapUsed;
storm();
const allocated = process.memoryUsage().heapUsed - before;
print(
  JSON.stringify({
    perMessage: allocated / MESSAGES,
    skipped: session.counters.skipped,
    messages: session.counters.messages,
  }),
);
