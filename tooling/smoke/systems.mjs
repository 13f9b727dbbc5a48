// The commands of each system and the patterns of their output. Single spaces separate arguments; no shell is involved. NAME
// stands for an interface.

/**
 * @typedef {object} Cable how a carrier is removed
 * @property {string} [device] held open for as long as the cable is in
 * @property {readonly string[]} cut
 * @property {readonly string[]} heal
 *
 * @typedef {object} Carp
 * @property {boolean} required false where a kernel may come without carp(4): the test is then skipped
 * @property {readonly string[]} make
 * @property {readonly string[]} remove
 * @property {string} destination the argument of -D
 * @property {string} show
 * @property {RegExp} free matches the output while it may become master
 * @property {RegExp} held matches the output while it is held down
 *
 * @typedef {object} System
 * @property {string} source an interface: up, with a carrier
 * @property {string} destination another one: up
 * @property {readonly string[]} makeSource
 * @property {readonly string[]} removeSource
 * @property {readonly string[]} makeDestination
 * @property {readonly string[]} removeDestination
 * @property {string} down
 * @property {string} up
 * @property {string} show
 * @property {Cable | string} cable or the reason why there is none
 * @property {Carp | string} carp or the reason why there is none
 */

/** `<UP,BROADCAST,...>` of ifconfig(8) and ip(8). */
export const UP = /[<,]UP[,>]/;

const ifconfig = { down: 'ifconfig NAME down', up: 'ifconfig NAME up', show: 'ifconfig NAME' };

/** An interface of a carp(4) that has interfaces of its own: held by its flag. */
const carpInterface = {
  remove: ['ifconfig carp7 destroy'],
  destination: 'carp7',
  show: 'ifconfig carp7',
  free: UP,
  held: /<(?!(?:\w+,)*UP[,>])/,
};

/** @type {Readonly<Record<string, System>>} */
export const systems = {
  linux: {
    source: 'src0',
    destination: 'dst0',
    makeSource: ['ip link add src0 type veth peer name src0x', 'ip link set src0 up', 'ip link set src0x up'],
    removeSource: ['ip link delete src0'],
    makeDestination: [
      'ip link add dst0 type veth peer name dst0x',
      'ip link set dst0 up',
      'ip link set dst0x up',
    ],
    removeDestination: ['ip link delete dst0'],
    down: 'ip link set NAME down',
    up: 'ip link set NAME up',
    show: 'ip -o link show dev NAME',
    cable: { cut: ['ip link set src0x down'], heal: ['ip link set src0x up'] },
    carp: 'Linux has no carp(4)',
  },

  // tap(4): its link is up while its device is open (tunopen and tundtor in sys/net/if_tuntap.c), and closing it sets it
  // down as well. The links of epair(4) are always up.
  freebsd: {
    ...ifconfig,
    source: 'tap7',
    destination: 'epair8a',
    makeSource: ['ifconfig tap7 create', 'ifconfig tap7 up'],
    removeSource: ['ifconfig tap7 destroy'],
    makeDestination: ['ifconfig epair8 create', 'ifconfig epair8a up', 'ifconfig epair8b up'],
    removeDestination: ['ifconfig epair8a destroy'],
    cable: { device: '/dev/tap7', cut: [], heal: ['ifconfig tap7 up'] },
    carp: {
      required: true,
      make: [
        'kldload -n carp',
        'ifconfig epair8a inet 192.0.2.1/24',
        'ifconfig epair8a inet vhid 7 advskew 10 pass smoke alias 192.0.2.7/32',
      ],
      remove: ['ifconfig epair8a inet 192.0.2.7 -alias'],
      destination: '7@epair8a',
      show: 'ifconfig epair8a',
      free: /advskew 10\b/,
      held: /advskew 240\b/,
    },
  },

  // pair(4): its media is active while it is patched (pair_media_status and pair_link_state in sys/net/if_pair.c).
  openbsd: {
    ...ifconfig,
    source: 'pair7',
    destination: 'vether8',
    makeSource: [
      'ifconfig pair6 create',
      'ifconfig pair7 create',
      'ifconfig pair7 patch pair6 up',
      'ifconfig pair6 up',
    ],
    removeSource: ['ifconfig pair7 destroy', 'ifconfig pair6 destroy'],
    makeDestination: ['ifconfig vether8 create', 'ifconfig vether8 up'],
    removeDestination: ['ifconfig vether8 destroy'],
    cable: { cut: ['ifconfig pair7 -patch'], heal: ['ifconfig pair7 patch pair6'] },
    carp: {
      ...carpInterface,
      required: true,
      make: [
        'ifconfig vether8 inet 192.0.2.1/24',
        'ifconfig carp7 create',
        'ifconfig carp7 inet 192.0.2.7/24 vhid 7 carpdev vether8 pass smoke',
      ],
    },
  },

  netbsd: {
    ...ifconfig,
    source: 'tap7',
    destination: 'tap8',
    makeSource: ['ifconfig tap7 create', 'ifconfig tap7 up'],
    removeSource: ['ifconfig tap7 destroy'],
    makeDestination: ['ifconfig tap8 create', 'ifconfig tap8 up'],
    removeDestination: ['ifconfig tap8 destroy'],
    cable: 'no interface of NetBSD loses its carrier at a command',
    carp: {
      ...carpInterface,
      required: false,
      make: [
        'ifconfig tap8 inet 192.0.2.1 netmask 255.255.255.0',
        'ifconfig carp7 create',
        'ifconfig carp7 vhid 7 pass smoke carpdev tap8 192.0.2.7 netmask 255.255.255.0',
      ],
    },
  },

  dragonfly: {
    ...ifconfig,
    source: 'tap7',
    destination: 'tap8',
    makeSource: ['ifconfig tap7 create', 'ifconfig tap7 up'],
    removeSource: ['ifconfig tap7 destroy'],
    makeDestination: ['ifconfig tap8 create', 'ifconfig tap8 up'],
    removeDestination: ['ifconfig tap8 destroy'],
    cable: 'no interface of DragonFly loses its carrier at a command',
    carp: {
      ...carpInterface,
      required: false,
      make: [
        'kldload -n carp',
        'ifconfig tap8 inet 192.0.2.1/24',
        'ifconfig carp7 create',
        'ifconfig carp7 vhid 7 pass smoke 192.0.2.7/24',
      ],
    },
  },

  // feth(4): its link is up while it has a peer (feth_connect and feth_disconnect in bsd/net/if_fake.c).
  darwin: {
    ...ifconfig,
    source: 'feth7',
    destination: 'feth8',
    makeSource: [
      'ifconfig feth7 create',
      'ifconfig feth6 create',
      'ifconfig feth7 peer feth6',
      'ifconfig feth7 up',
      'ifconfig feth6 up',
    ],
    removeSource: ['ifconfig feth7 destroy', 'ifconfig feth6 destroy'],
    makeDestination: ['ifconfig feth8 create', 'ifconfig feth8 up'],
    removeDestination: ['ifconfig feth8 destroy'],
    cable: { cut: ['ifconfig feth7 -peer'], heal: ['ifconfig feth7 peer feth6'] },
    carp: 'macOS has no carp(4)',
  },
};

/** The table of the system that this runs on; Node may call DragonFly by either name. */
export const system = systems[process.platform === 'dragonflybsd' ? 'dragonfly' : process.platform];
