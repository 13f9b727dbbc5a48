import { type Libc, loadLibc } from '@ifdepd/libc';

// c/stack.c
const STACK_READINESS = 0xfffffff2;

/**
 * {@link Libc.readable} for descriptors that the host's event loop knows nothing of: a thread in the library waits in
 * that kernel's poll(2) and tells by a pair of sockets of the host's, of which we answer each word when the callback
 * has drained.
 */
export function hostReadiness(stack: Libc): Libc['readable'] {
  const host = loadLibc();
  const word = new Uint8Array(1);

  return (fd, callback) => {
    const told = stack.ioctl(fd, STACK_READINESS, new Uint8Array(4));
    if (told < 0) {
      throw new Error(`no thread to wait for descriptor ${fd} of the stack`);
    }
    const watch = host.readable(told, () => {
      if (host.recvfrom(told, word, host.target.socket.MSG_DONTWAIT, null) !== 1) {
        return;
      }
      callback();
      if (open) {
        host.sendto(told, word, host.target.socket.MSG_DONTWAIT, null);
      }
    });
    let open = true;
    return {
      [Symbol.dispose]() {
        if (open) {
          open = false;
          watch[Symbol.dispose]();
          host.close(told);
        }
      },
    };
  };
}
