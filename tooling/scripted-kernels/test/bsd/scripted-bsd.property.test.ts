import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bsdLayouts } from '../../src/bsd/layouts/index.ts';
import { scriptedBsd } from '../../src/index.ts';
import { describeMessage } from './captured.ts';

type System = keyof typeof bsdLayouts;

const systems = Object.keys(bsdLayouts) as System[];
const names = ['em0', 'em1', 'carp0'];

/** The events of a machine, with their interfaces. */
const happening = fc.record({
  what: fc.constantFrom(
    'attach',
    'detach',
    'up',
    'down',
    'cut',
    'repair',
    'address',
    'carp',
    'master',
    'backup',
  ),
  name: fc.constantFrom(...names),
});

test.each(systems)('after any events, the list of scripted %s agrees with its ioctls', (system) => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      const layout = bsdLayouts[system];
      const kernel = scriptedBsd(system);
      const { libc } = kernel;
      const there = () => {
        const list = libc.if_nameindex();
        return new Map(typeof list === 'number' ? [] : list.map(({ index, name }) => [name, index]));
      };
      const carpName = layout.behaviour.carp === 'vhid' ? '7@em0' : 'carp0';
      const carps = () => {
        try {
          return kernel.carp(carpName);
        } catch {
          return null;
        }
      };
      for (const { what, name } of happenings) {
        const present = there().has(name);
        if (what === 'attach' && !present && name !== 'carp0') {
          kernel.attach(name);
        } else if (
          what === 'carp' &&
          layout.behaviour.carp !== null &&
          there().has('em0') &&
          carps() === null
        ) {
          kernel.createCarp(carpName, 'em0', 7);
        } else if ((what === 'master' || what === 'backup') && carps() !== null) {
          kernel.elect(carpName, what);
        } else if (present && what === 'detach') {
          kernel.detach(name);
        } else if (present && (what === 'up' || what === 'down')) {
          kernel.setAdmin(name, what);
        } else if (present && name !== 'carp0' && (what === 'cut' || what === 'repair')) {
          kernel.carrier(name, what === 'cut' ? 'down' : 'up');
        } else if (present && what === 'address') {
          kernel.addAddress(name);
        }
      }

      const bytes = new Uint8Array(libc.sysctl(layout.iflist, null, null));
      libc.sysctl(layout.iflist, bytes, null);
      const listed = new Map<number, string>();
      for (let at = 0; at < bytes.byteLength; ) {
        const length = new DataView(bytes.buffer).getUint16(at, true);
        expect(length).toBeGreaterThan(3);
        const [, index, flags] =
          /^(\d+): ([0-9a-f]+)( link \d)?$/.exec(
            describeMessage(layout, bytes.slice(at, at + length)) ?? '',
          ) ?? [];
        if (index !== undefined && flags !== undefined) {
          listed.set(Number(index), (Number.parseInt(flags, 16) & 0xffff).toString(16));
        }
        at += length;
      }
      const fd = libc.socket(libc.target.socket.AF_INET, libc.target.socket.SOCK_DGRAM, 0);
      const asked = [...there()].map(([name, index]): [number, string] => {
        const request = new Uint8Array(144);
        request.set(Buffer.from(name));
        expect(libc.ioctl(fd, layout.ioctl.SIOCGIFFLAGS, request)).toBe(0);
        return [index, new DataView(request.buffer).getUint16(16, true).toString(16)];
      });
      expect(listed).toEqual(new Map(asked));
    }),
  );
});
