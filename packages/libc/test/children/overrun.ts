// In a network namespace of its own: a receive buffer that a burst of link events must overflow, nothing else in the
// loop, and one more event after it. Prints what came.
import { ip, ipBatch } from '@ifdepd/netlab';
import { loadLibc, must, openSocket } from '../../src/index.ts';

const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const RTMGRP_LINK = 1;

const libc = loadLibc();
const { SOCK_RAW, SOCK_NONBLOCK, SOL_SOCKET, SO_RCVBUF } = libc.target.socket;
const { EAGAIN, ENOBUFS } = libc.target.errnoOf;

const socket = openSocket(libc, AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_ROUTE, 'rtnetlink socket');
const size = new Uint8Array(Uint32Array.of(1).buffer);
must(libc, libc.setsockopt(socket.fd, SOL_SOCKET, SO_RCVBUF, size), 'setsockopt', 'rtnetlink socket');
const address = new Uint8Array(12);
new DataView(address.buffer).setUint16(0, AF_NETLINK, true);
new DataView(address.buffer).setUint32(8, RTMGRP_LINK, true);
must(libc, libc.bind(socket.fd, address), 'bind', 'rtnetlink socket');

const into = Buffer.alloc(65_536);
let overruns = 0;

const watch = libc.readable(socket.fd, () => {
  for (;;) {
    const received = libc.recvfrom(socket.fd, into, 0, null);
    if (received === -EAGAIN) {
      break;
    }
    if (received === -ENOBUFS) {
      overruns += 1;
      setImmediate(() => ip('link', 'add', 'later0', 'type', 'bridge'));
    } else if (into.subarray(0, must(libc, received, 'recvfrom', 'rtnetlink socket')).includes('later0\0')) {
      process.stdout.write(JSON.stringify({ overruns, later: true }));
      watch[Symbol.dispose]();
      return;
    }
  }
});

// The loop does not turn meanwhile: the kernel has nowhere to put most of it.
ipBatch(Array.from({ length: 60 }, (_, number) => `link add burst${number} type bridge`));
