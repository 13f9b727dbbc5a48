import { attributesByType, linux, MessageWalk, openNetlinkSocket, payloadOf, textIn } from '@ifdepd/netlink';
import type { Observation } from './messages.ts';

/** rtnetlink(7): RTNLGRP_LINK, RTM_NEWLINK, RTM_DELLINK. */
const RTNLGRP_LINK = 1;
const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;

/** ifi_family of messages about links themselves. */
const AF_UNSPEC = 0;

/** linux/if_link.h; `struct ifinfomsg` before the attributes, its flags at 8. */
const IFLA_IFNAME = 3;
const IFINFOMSG_BYTES = 16;
const IFI_FLAGS = 8;

/** Holds what comes while the agent waits for a program. */
const RECEIVE_BUFFER_BYTES = 16 * 1024 * 1024;

/** Sends every message about a link, as the kernel sends it to everybody. */
export function watch(send: (observation: Observation) => void): void {
  const socket = openNetlinkSocket({ groups: [RTNLGRP_LINK], receiveBufferBytes: RECEIVE_BUFFER_BYTES });
  const walk = new MessageWalk(linux.littleEndian);

  function read(): void {
    for (;;) {
      const received = socket.receive();
      if (received.type === 'nothing') {
        return;
      }
      if (received.type !== 'bytes') {
        throw new Error(`the agent has lost messages of the kernel: ${received.type}`);
      }
      const bytes = Buffer.from(received.bytes.subarray(0, received.length)).toString('hex');
      walk.enter(received.bytes, received.length);
      while (walk.next()) {
        const payload = payloadOf(walk);
        // A bridge reports of its ports in messages of its own family.
        if ((walk.type === RTM_NEWLINK || walk.type === RTM_DELLINK) && payload[0] === AF_UNSPEC) {
          const attributes = attributesByType(payload, linux.littleEndian, IFINFOMSG_BYTES);
          send({
            see: 'link',
            at: performance.now(),
            gone: walk.type === RTM_DELLINK,
            name: textIn(attributes.get(IFLA_IFNAME) ?? new Uint8Array()),
            flags: new DataView(payload.buffer, payload.byteOffset).getUint32(IFI_FLAGS, true),
            bytes,
          });
        }
      }
    }
  }

  socket.onReadable(read);
}
