import { linux } from '@ifdepd/netlink';

const { nlmsghdr, ifinfomsg } = linux.struct;
const [PAYLOAD] = [nlmsghdr.size];

/** The offsets of fields for a socket filter, in bytes, in a message about a link that is alone in its datagram. */
export const NLMSG_TYPE: number = nlmsghdr.fields.nlmsg_type[0];
export const NLMSG_FLAGS: number = nlmsghdr.fields.nlmsg_flags[0];
export const IFI_FAMILY: number = PAYLOAD + ifinfomsg.fields.ifi_family[0];
export const IFI_INDEX: number = PAYLOAD + ifinfomsg.fields.ifi_index[0];
export const IFI_FLAGS: number = PAYLOAD + ifinfomsg.fields.ifi_flags[0];
export const ATTRIBUTES: number = PAYLOAD + ifinfomsg.size;
