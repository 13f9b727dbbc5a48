import { linux } from '@ifdepd/netlink';

const { nlmsghdr, ifinfomsg } = linux.struct;
const [PAYLOAD] = [nlmsghdr.size];

/** Where a socket filter finds the fields of a message about a link that is alone in its datagram, in bytes. */
export const NLMSG_TYPE: number = nlmsghdr.fields.nlmsg_type[0];
export const NLMSG_FLAGS: number = nlmsghdr.fields.nlmsg_flags[0];
export const IFI_FAMILY: number = PAYLOAD + ifinfomsg.fields.ifi_family[0];
export const IFI_INDEX: number = PAYLOAD + ifinfomsg.fields.ifi_index[0];
export const IFI_FLAGS: number = PAYLOAD + ifinfomsg.fields.ifi_flags[0];
export const ATTRIBUTES: number = PAYLOAD + ifinfomsg.size;
