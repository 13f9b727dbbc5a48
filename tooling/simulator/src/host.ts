/** Network cards that groups depend on. */
export const SOURCES = ['wan0', 'wan1', 'wan2'] as const;

/** The source whose driver asks the hardware for its link: a question makes the kernel report nothing. */
export const OWN_LINK: string = 'wan1';

/** Interfaces that groups set: macvlans and a VLAN on the card lan0. */
export const DESTINATIONS = ['vrrp0', 'vrrp1', 'vlan0'] as const;

export const GROUPS = ['gateway', 'uplinks'] as const;

/** The configurations between which an operator reloads. */
export const CONFIGS: readonly string[] = [
  `groups:
  gateway: {sources: [wan0], destinations: [vrrp0]}
  uplinks: {require: {any: [wan1, wan2]}, destinations: [vrrp1, vlan0]}
`,
  `groups:
  gateway: {sources: [wan0], destinations: [vrrp0], down-delay: 200ms, up-delay: 2s}
  uplinks: {require: {at-least: 2, of: [wan0, wan1, wan2]}, destinations: [vrrp1, vrrp0], enforce: always}
`,
  `groups:
  gateway: {sources: [wan0, wan1], destinations: [vrrp0, vlan0], enforce: always}
  uplinks: {require: {any: [wan1, wan2]}, destinations: [vrrp1], up-delay: 500ms, on-exit: up}
`,
  `groups:
  gateway: {sources: [wan0], destinations: [vrrp0], raise: owned, down-delay: 50ms}
  uplinks: {require: {any: [wan1, wan2]}, destinations: [vrrp1, vlan0], raise: owned, on-exit: restore}
`,
  `groups:
  gateway: {sources: [wan0], destinations: [vrrp0], on-exit: up}
  uplinks: {require: {any: [wan1, wan2]}, destinations: [vrrp1, vlan0], on-exit: up}
`,
  `groups:
  gateway: {sources: [wan0], destinations: [vrrp0], raise: owned, on-exit: up}
`,
];

/** Two hosts that are gateways together. */
export const GATEWAYS = [0, 1] as const;
export type Gateway = (typeof GATEWAYS)[number];
