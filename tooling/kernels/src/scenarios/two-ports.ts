import type { Lab } from '../lab/lab.ts';

/** The cards that scenarios join to one interface. */
export const ports = ['port0', 'port1'] as const;

/** Makes the bond at the other end of both cables, for LACP: `words` are its type for ip(8). */
export async function joinFarEnds(lab: Lab, words: string): Promise<void> {
  await lab.ip('netns add far');
  await lab.ip(`-n far link add bond1 type ${words}`);
  for (const port of ['far0', 'far1']) {
    await lab.ip(`link set ${port} netns far`);
    await lab.ip(`-n far link set ${port} master bond1`);
  }
  await lab.ip('-n far link set bond1 up');
}

/** Plugs or pulls the cables of cards. */
export async function plug(lab: Lab, ports: readonly string[], plugged: boolean): Promise<void> {
  for (const port of ports) {
    await lab.cable(port, plugged);
  }
}

/** Pulls one cable and plugs it again: the other one carries on. */
export async function blinkOne(lab: Lab): Promise<void> {
  for (const plugged of [false, true]) {
    await lab.cable('port0', plugged);
    await lab.carrierOf('port0', plugged);
  }
}
