/** An emulated network card. */
export interface Card {
  /** Its name in the guest, and in QEMU. */
  readonly name: string;
  /** The device of QEMU. */
  readonly device: string;
  /** The driver that Linux needs for it. */
  readonly driver: string;
  /** Cards on one hub hear each other. Every card has a hub of its own otherwise. */
  readonly hub: number;
  /** More properties of the device. Default: none. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** LACP joins ports of one speed, and a virtio card has none unless it is given. */
const GIGABIT = { properties: { speed: '1000', duplex: 'full' } } as const;

/** The cards of a guest from its start: one of each kind, and two pairs for a bond and the one at its other end. */
export const cards: readonly Card[] = [
  { name: 'e1000', device: 'e1000', driver: 'e1000', hub: 0 },
  { name: 'e1000e', device: 'e1000e', driver: 'e1000e', hub: 1 },
  { name: 'virtio', device: 'virtio-net-pci', driver: 'virtio_net', hub: 2 },
  { name: 'vmxnet3', device: 'vmxnet3', driver: 'vmxnet3', hub: 3 },
  { name: 'rtl8139', device: 'rtl8139', driver: '8139cp', hub: 4 },
  { name: 'port0', device: 'e1000', driver: 'e1000', hub: 5 },
  { name: 'port1', device: 'virtio-net-pci', driver: 'virtio_net', hub: 6, ...GIGABIT },
  { name: 'far0', device: 'virtio-net-pci', driver: 'virtio_net', hub: 5, ...GIGABIT },
  { name: 'far1', device: 'virtio-net-pci', driver: 'virtio_net', hub: 6, ...GIGABIT },
];

/** Cards that scenarios plug into the running guest. */
export const spareCards: readonly Card[] = [
  { name: 'spare0', device: 'e1000', driver: 'e1000', hub: 7 },
  { name: 'spare1', device: 'virtio-net-pci', driver: 'virtio_net', hub: 8 },
];

/** The address of a card: the guest finds the interface by it. */
export function addressOf({ name }: Card): string {
  const number = [...cards, ...spareCards].findIndex((card) => card.name === name) + 1;
  return `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;
}

/** The network behind a card, in QEMU's words: it has no way out of QEMU. */
export function netdevOf({ name, hub }: Card): string {
  return `hubport,id=net-${name},hubid=${hub}`;
}

/** The slot of PCI Express that is kept for a card, where a machine has such slots. */
export const slotOf = ({ name }: Card): string => `slot-${name}`;

/** The properties of the device of a card. Without a ROM, the firmware does not try to boot from it. */
export function deviceOf(card: Card): Readonly<Record<string, string>> {
  return {
    driver: card.device,
    id: card.name,
    netdev: `net-${card.name}`,
    mac: addressOf(card),
    romfile: '',
    ...card.properties,
  };
}
