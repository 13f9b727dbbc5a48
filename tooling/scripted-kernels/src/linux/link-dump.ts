import { Encoder, linux, numberIn } from '@ifdepd/netlink';
import type { LinuxKernel } from './kernel.ts';
import { doneMessage, linkMessage } from './messages.ts';
import type { Dump } from './netlink-sockets.ts';
import type { LinkRequest } from './requests.ts';

const { ifla, nlmsg, rtext } = linux;
const encoder = new Encoder(linux.littleEndian);

/**
 * RTM_GETLINK of all links: rtnl_dump_ifinfo(). Each part is made when it is read. A link that comes or goes between two parts marks
 * those that follow with NLM_F_DUMP_INTR.
 */
export function linkDump(
  kernel: LinuxKernel,
  header: { readonly sequence: number; readonly port: number },
  { attributes }: LinkRequest,
): Dump {
  const master = numberIn(attributes.get(ifla.IFLA_MASTER), linux.littleEndian);
  const mask = numberIn(attributes.get(ifla.IFLA_EXT_MASK), linux.littleEndian) ?? 0;
  const statistics = (mask & rtext.RTEXT_FILTER_SKIP_STATS) === 0;
  const began = kernel.generation;
  let last = 0;
  let ended = false;

  return {
    next(bytes) {
      if (ended) {
        return null;
      }
      const interrupted = kernel.generation === began ? 0 : nlmsg.NLM_F_DUMP_INTR;
      const answer = { ...header, flags: nlmsg.NLM_F_MULTI | interrupted };
      const messages: Uint8Array[] = [];
      let size = 0;
      const rest = [...kernel.devices.values()].filter(
        (device) => device.index > last && (master === null || device.master?.index === master),
      );
      for (const device of rest.sort((one, other) => one.index - other.index)) {
        const message = linkMessage('new', device, 0, answer, statistics);
        if (messages.length > 0 && size + message.byteLength > bytes) {
          return encoder.datagram(...messages);
        }
        messages.push(message);
        size += message.byteLength;
        last = device.index;
      }
      ended = true;
      return encoder.datagram(...messages, doneMessage(answer));
    },
  };
}

/** A list of what changes seldom: all of it as it was when the list began, in parts. */
export function listDump(messages: readonly Uint8Array[], done: Uint8Array): Dump {
  const rest = [...messages, done];
  return {
    next(bytes) {
      const part = rest.splice(0, 1);
      for (let size = part[0]?.byteLength ?? 0; rest[0] !== undefined; ) {
        size += rest[0].byteLength;
        if (size > bytes) {
          break;
        }
        part.push(...rest.splice(0, 1));
      }
      return part.length === 0 ? null : encoder.datagram(...part);
    },
  };
}
