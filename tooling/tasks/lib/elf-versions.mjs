/** elf.h: 64-bit, little-endian. */
const E_SHOFF = 40;
const E_SHENTSIZE = 58;
const E_SHNUM = 60;
const SH_TYPE = 4;
const SH_OFFSET = 24;
const SH_LINK = 40;
const SH_INFO = 44;
const SHT_GNU_verneed = 0x6ffffffe;
const VER_FLG_WEAK = 2;

/**
 * Makes a shared object that requires no symbol versions of a library: the dynamic linker takes any symbol of the same
 * name, from any library.
 *
 * @param {Buffer} object
 * @param {readonly string[]} versions
 */
export function weakenVersions(object, versions) {
  const bytes = Buffer.from(object);
  const sections = Number(bytes.readBigUInt64LE(E_SHOFF));
  const width = bytes.readUInt16LE(E_SHENTSIZE);
  const offsetOf = (/** @type {number} */ section) =>
    Number(bytes.readBigUInt64LE(sections + section * width + SH_OFFSET));
  for (let section = 0; section < bytes.readUInt16LE(E_SHNUM); section += 1) {
    const header = sections + section * width;
    if (bytes.readUInt32LE(header + SH_TYPE) === SHT_GNU_verneed) {
      const strings = offsetOf(bytes.readUInt32LE(header + SH_LINK));
      weaken(bytes, offsetOf(section), bytes.readUInt32LE(header + SH_INFO), strings, versions);
    }
  }
  return bytes;
}

/**
 * Elf64_Verneed: vn_cnt 2, vn_aux 8, vn_next 12. Elf64_Vernaux: vna_flags 4, vna_name 8, vna_next 12.
 *
 * @param {Buffer} bytes
 * @param {number} need
 * @param {number} count
 * @param {number} strings
 * @param {readonly string[]} versions
 */
function weaken(bytes, need, count, strings, versions) {
  let at = need;
  for (let library = 0; library < count; library += 1) {
    let entry = at + bytes.readUInt32LE(at + 8);
    for (let version = 0; version < bytes.readUInt16LE(at + 2); version += 1) {
      const name = strings + bytes.readUInt32LE(entry + 8);
      if (versions.includes(bytes.toString('latin1', name, bytes.indexOf(0, name)))) {
        bytes.writeUInt16LE(bytes.readUInt16LE(entry + 4) | VER_FLG_WEAK, entry + 4);
      }
      entry += bytes.readUInt32LE(entry + 12);
    }
    at += bytes.readUInt32LE(at + 12);
  }
}
