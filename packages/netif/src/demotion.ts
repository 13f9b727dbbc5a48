import { must, SystemError } from '@ifdepd/libc';
import type { GroupDemotion, SysctlDemotion } from './abi/carp-abi.ts';
import type { Control } from './control.ts';
import { Ifreq } from './ifreq.ts';
import type { Demoted } from './netif.ts';

/** The part of {@link NetIf} for demotion counters. */
export interface DemotionControl {
  demotion(group?: string): number | null;
  demote(delta: number, group?: string): Demoted;
}

interface Counter {
  read(group?: string): number;
  add(delta: number, group?: string): void;
}

/** Reads and changes the counter by the table of the system. Without one, a read returns null and a change fails with ENOSYS. */
export function demotionControl(control: Control): DemotionControl {
  const { demotion: abi } = control.abi;
  const counter =
    abi === null ? null : abi.how === 'group' ? groupCounter(control, abi) : sysctlCounter(control, abi);

  return {
    demotion: (group) => counter?.read(group) ?? null,
    demote(delta, group) {
      if (counter === null) {
        const { target } = control.libc;
        throw new SystemError(target, target.errnoOf.ENOSYS, 'carp demotion', group ?? 'this system');
      }
      const before = counter.read(group);
      if (delta === 0) {
        return { delta, before, after: before };
      }
      counter.add(delta, group);
      return { delta, before, after: counter.read(group) };
    },
  };
}

/** SIOCGIFGATTR and SIOCSIFGATTR: a `struct ifgroupreq` has the name of the group where an ifreq has that of the interface. */
function groupCounter(control: Control, abi: GroupDemotion): Counter {
  const { size, ifgr_name, ifgr_attrib } = abi.ifgroupreq;
  const request = new Ifreq({ ...control.abi.ifreq, size, ifr_name: ifgr_name });
  const view = new DataView(request.bytes.buffer);

  function address(group: string): void {
    if (!request.address(group)) {
      throw control.error(-control.libc.target.errnoOf.EINVAL, 'SIOCGIFGATTR', group);
    }
  }

  return {
    read(group = abi.group) {
      address(group);
      control.must({ name: 'SIOCGIFGATTR', request: abi.SIOCGIFGATTR }, group, request.bytes);
      return view.getInt32(ifgr_attrib, true);
    },
    add(delta, group = abi.group) {
      address(group);
      view.setInt32(ifgr_attrib, delta, true);
      control.must({ name: 'SIOCSIFGATTR', request: abi.SIOCSIFGATTR }, group, request.bytes);
    },
  };
}

/** The kernel adds the number that is written to the sysctl. There are no groups: the counter is that of the machine. */
function sysctlCounter({ libc }: Control, { sysctl }: SysctlDemotion): Counter {
  const value = new Uint8Array(4);
  const view = new DataView(value.buffer);
  return {
    read() {
      must(libc, libc.sysctlbyname(sysctl, value, null), 'sysctl', sysctl);
      return view.getInt32(0, true);
    },
    add(delta) {
      view.setInt32(0, delta, true);
      must(libc, libc.sysctlbyname(sysctl, null, value), 'sysctl', sysctl);
    },
  };
}
