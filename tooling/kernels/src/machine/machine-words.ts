import { join } from 'node:path';
import type { Kernel } from '../fetch/kernel.ts';
import { cards, deviceOf, netdevOf, slotOf, spareCards } from './cards.ts';
import type { Accelerator } from './qemu.ts';

/** PCI Express takes a card into the running machine in a slot only. */
const slots = spareCards.flatMap((card, at) => [
  '-device',
  `pcie-root-port,id=${slotOf(card)},chassis=${at + 1}`,
]);

const machines = {
  amd64: {
    program: 'qemu-system-x86_64',
    // The firmware offers suspend to RAM (S3) only where it is asked to.
    words: ['-M', 'pc', '-global', 'PIIX4_PM.disable_s3=0'],
    emulated: 'max',
    tty: 'ttyS0',
    // Linux counts ticks of the timer as it boots, and panics where a busy host has given the emulation no time for them.
    parameters: 'no_timer_check',
  },
  // To emulate what `max` has, pointer authentication above all, takes several times as long.
  arm64: {
    program: 'qemu-system-aarch64',
    words: ['-M', 'virt', ...slots],
    emulated: 'cortex-a72',
    tty: 'ttyAMA0',
    parameters: '',
  },
} as const;

/** Memory of the guest, whose file system is in it. */
const MEMORY_MB = 2048;

/**
 * The program and the arguments that start a machine.
 *
 * @param folder with `initramfs`; for the sockets `qmp` and `agent`, and for `console`
 */
export function machineWords(
  { architecture, image }: Kernel,
  accelerator: Accelerator,
  folder: string,
): { readonly program: string; readonly words: readonly string[] } {
  const at = (name: string): string => join(folder, name);
  const { program, words, emulated, tty, parameters } = machines[architecture];
  const device = (card: (typeof cards)[number]): string =>
    Object.entries(deviceOf(card))
      .map(([name, value]) => (name === 'driver' ? value : `${name}=${value}`))
      .join(',');
  return {
    program,
    words: [
      ...words,
      ...[
        '-accel',
        accelerator,
        '-cpu',
        accelerator === 'kvm' ? 'host' : emulated,
        '-m',
        String(MEMORY_MB),
        '-smp',
        '2',
      ],
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
      ...['-kernel', image, '-initrd', at('initramfs')],
      ...['-append', `console=${tty} loglevel=5 panic=-1 net.ifnames=0 no_console_suspend ${parameters}`],
      ...['-serial', `file:${at('console')}`],
      ...['-qmp', `unix:${at('qmp')},server=on,wait=off`],
      ...[
        '-device',
        'virtio-serial-pci',
        '-chardev',
        `socket,id=agent,path=${at('agent')},server=on,wait=off`,
      ],
      ...['-device', 'virtserialport,chardev=agent,name=agent'],
      ...['-virtfs', 'local,path=/,mount_tag=shared,security_model=none,readonly=on,multidevs=remap'],
      ...[...cards, ...spareCards].flatMap((card) => ['-netdev', netdevOf(card)]),
      ...cards.flatMap((card) => ['-device', device(card)]),
    ],
  };
}
