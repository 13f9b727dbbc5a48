/** The next multiple of four bytes: messages, attributes and structures begin there (NLMSG_ALIGNTO, NLA_ALIGNTO). */
export function align(length: number): number {
  return Math.ceil(length / 4) * 4;
}
