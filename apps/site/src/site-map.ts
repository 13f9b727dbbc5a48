/** A page of the site. */
export interface SitePage {
  /** The file that it is made from, by its path from the root of the repository. */
  readonly from: string;
  /** Its path on the site, without `.html`. */
  readonly to: string;
  /** Its name in the menu. Default: its first heading. */
  readonly title?: string;
}

/** A part of the menu. */
export interface SiteSection {
  readonly title: string;
  readonly pages: readonly SitePage[];
}

const page = (from: string, to: string, title?: string): SitePage => ({
  from,
  to,
  ...(title === undefined ? {} : { title }),
});

/** All pages but the design records, in the order of the menu. A page is written once: here is only where it appears. */
export const sections: readonly SiteSection[] = [
  {
    title: 'Start',
    pages: [
      page('apps/site/pages/index.md', 'index', 'Home'),
      page('README.md', 'overview', 'Overview'),
      page('apps/site/pages/playground.md', 'playground', 'Playground'),
      page('apps/ifdepd/README.md', 'install', 'Install, upgrade, uninstall'),
      page('docs/guides/first-configuration.md', 'guides/first-configuration'),
      page('docs/guides/service.md', 'guides/service'),
      page('docs/guides/troubleshooting.md', 'guides/troubleshooting'),
      page('SECURITY.md', 'security'),
      page('SUPPORT.md', 'support'),
    ],
  },
  {
    title: 'Use',
    pages: [
      page('apps/ifdepd/examples/README.md', 'examples'),
      page('docs/platforms.md', 'platforms'),
      page('docs/releases.md', 'releases'),
    ],
  },
  {
    title: 'Recipes',
    pages: [
      page('docs/recipes.md', 'recipes', 'Overview'),
      page('docs/recipes/keepalived.md', 'recipes/keepalived', 'keepalived'),
      page('docs/recipes/frr-vrrp.md', 'recipes/frr-vrrp', 'FRR'),
      page('docs/recipes/evpn-uplinks.md', 'recipes/evpn-uplinks', 'EVPN multihoming'),
      page('docs/recipes/uplink-failure-detection.md', 'recipes/uplink-failure-detection', 'Uplink failure'),
      page('docs/recipes/lte-backup.md', 'recipes/lte-backup', 'LTE backup'),
      page('docs/recipes/guests.md', 'recipes/guests', 'libvirt and Proxmox'),
      page('docs/recipes/vyos.md', 'recipes/vyos', 'VyOS'),
      page('docs/recipes/pfsense-opnsense.md', 'recipes/pfsense-opnsense', 'pfSense and OPNsense'),
      page('docs/recipes/webhook-and-mail.md', 'recipes/webhook-and-mail', 'Webhook and mail'),
      page('docs/recipes/ansible.md', 'recipes/ansible', 'Ansible'),
    ],
  },
  {
    title: 'Migrate',
    pages: [
      page('docs/migration/README.md', 'migration/', 'Overview'),
      ...['original', 'ifstated', 'keepalived', 'networkd', 'ifplugd', 'netplugd'].map((name) =>
        page(`docs/migration/${name}.md`, `migration/${name}`),
      ),
    ],
  },
  {
    title: 'Reference',
    pages: [
      page('apps/ifdepd/man/ifdepd.8', 'reference/ifdepd.8', 'ifdepd(8)'),
      page('apps/ifdepd/man/ifdepd.conf.5', 'reference/ifdepd.conf.5', 'ifdepd.conf(5)'),
      page('apps/ifdepd/schema/ifdepd.schema.json', 'reference/configuration'),
      page('apps/ifdepd/schema/ifdepd.openapi.json', 'reference/api'),
      page('apps/ifdepd/src/report/metrics.ts', 'reference/metrics'),
    ],
  },
  {
    title: 'Packages',
    pages: ['policy', 'linkwatch', 'probe', 'routewatch', 'netif', 'netlink', 'libc'].map((name) =>
      page(`packages/${name}/README.md`, `packages/${name}`),
    ),
  },
  {
    title: 'Why',
    pages: [
      page('docs/comparison.md', 'why/comparison'),
      page('docs/reliability.md', 'why/reliability'),
      page('docs/benchmarks.md', 'why/benchmarks'),
      page('docs/architecture.md', 'why/architecture'),
      page('docs/dependencies.md', 'why/dependencies'),
      page('docs/adr/README.md', 'why/records/', 'Design records'),
      page('CONTRIBUTING.md', 'contributing'),
    ],
  },
];

/** The address of the repository on the web, of files that are no page. */
export const REPOSITORY = 'https://github.com/ifdepd/ifdepd';
