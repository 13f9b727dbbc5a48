import { loadLibc } from '@ifdepd/libc';
import { enterNewNamespace, ip } from '@ifdepd/netlab';
import { linux, NetlinkClient } from '@ifdepd/netlink';
import { expect, test } from 'vitest';
import { openNetIf } from '../../src/index.ts';
import { linkPayload, nameAttribute } from '../../src/link-messages.ts';
import { vfLinkStateAttribute } from '../../src/vf-link-state.ts';

test('the kernel understands the request for a virtual function: an interface without functions refuses it as unsupported', () => {
  enterNewNamespace();
  ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'peer0');
  using netif = openNetIf();
  expect(() => netif.vfLinkState('em0', 0)).toThrow(expect.objectContaining({ kind: 'not-found' }));
  using client = new NetlinkClient({ libc: loadLibc() });
  const set = (attribute: Uint8Array) => () =>
    client.set({
      type: linux.rtm.RTM_SETLINK,
      name: 'RTM_SETLINK',
      subject: 'em0',
      payload: linkPayload([nameAttribute('em0') ?? new Uint8Array(), attribute]),
    });
  expect(set(vfLinkStateAttribute(0, 'disable'))).toThrow(expect.objectContaining({ code: 'EOPNOTSUPP' }));
  // One that is too short is refused for its form.
  const short = vfLinkStateAttribute(0, 'disable');
  const cut = short.slice(0, -4);
  new DataView(cut.buffer).setUint16(0, short.byteLength - 4, true);
  new DataView(cut.buffer).setUint16(4, short.byteLength - 8, true);
  new DataView(cut.buffer).setUint16(8, short.byteLength - 12, true);
  expect(set(cut)).toThrow(expect.objectContaining({ code: expect.not.stringMatching('EOPNOTSUPP') }));
});
