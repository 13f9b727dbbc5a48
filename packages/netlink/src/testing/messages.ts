import { linux } from '../abi/linux.ts';
import { Encoder } from '../wire/encoder.ts';

const { nlmsg } = linux;

/** Makes messages as the kernel of this machine would. */
export const host: Encoder = new Encoder(linux.littleEndian);

/** The end of a dump. `errno` (positive): it failed half-way. */
export function done(sequence: number, errno = 0): Uint8Array {
  return host.message({ type: nlmsg.NLMSG_DONE, flags: nlmsg.NLM_F_MULTI, sequence }, host.number(-errno));
}

/** The refusal of a request with a positive errno; 0 is an acknowledgement. */
export function refusal(sequence: number, errno: number): Uint8Array {
  const request = new Uint8Array(nlmsg.NLMSG_HDRLEN);
  return host.message({ type: nlmsg.NLMSG_ERROR, sequence }, host.number(-errno), request);
}
