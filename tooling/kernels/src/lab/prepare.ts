import { addressOf, cards } from '../machine/cards.ts';
import type { Lab } from './lab.ts';

interface IpLink {
  readonly ifname: string;
  readonly address?: string;
}

/** Gives the cards their names, once after the boot. */
export async function nameCards(lab: Lab): Promise<void> {
  const links = JSON.parse(await lab.ip('-j link show')) as readonly IpLink[];
  for (const card of cards) {
    const link = links.find(({ address }) => address === addressOf(card));
    if (link !== undefined && link.ifname !== card.name) {
      await lab.ip(`link set dev ${link.ifname} name ${card.name}`);
    }
  }
}

/** Takes everything away that a scenario has left: daemons and what they have noted, namespaces, interfaces; every cable is plugged again. */
export async function restore(lab: Lab): Promise<void> {
  for (const daemon of lab.daemons) {
    await daemon.stop();
  }
  await lab.sh('rm -rf /run/lib/* /run/ifdepd');
  await lab.ip('-all netns delete');
  const names = cards.map(({ name }) => name);
  await lab.sh(
    `cd /sys/class/net
for name in *; do
  case " lo bonding_masters ${names.join(' ')} " in
    *" $name "*) ;;
    *) ip link del "$name" 2>/dev/null || true ;;
  esac
done
for name in ${names.join(' ')}; do ip link set "$name" down nomaster 2>/dev/null || true; done`,
  );
  for (const name of names) {
    await lab.cable(name, true);
  }
}
