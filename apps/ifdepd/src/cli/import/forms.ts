import { importIfplugd, importNetplugd } from './hotplug.ts';
import { importIfstated } from './ifstated.ts';
import type { Imported } from './imported.ts';
import { importJunos } from './junos.ts';
import { importKeepalived } from './keepalived.ts';
import { importArista, importCisco } from './link-tracking.ts';
import { importNetworkd } from './networkd.ts';

/** A form of configuration that can be imported. */
interface Form {
  /** A pattern that only texts of this form match, if there is one. */
  readonly content?: RegExp;
  /** The usual names of a file of this form. */
  readonly file?: RegExp;
  readonly read: (text: string) => Imported;
}

/** Every form, by the name that --from takes. */
export const forms = {
  keepalived: {
    content: /^\s*vrrp_(?:instance|sync_group)\b/m,
    file: /keepalived.*\.conf$/,
    read: importKeepalived,
  },
  ifstated: {
    content: /^\s*(?:init-state\s|state\s+\S+\s*\{)/m,
    file: /ifstated.*\.conf$/,
    read: importIfstated,
  },
  networkd: { content: /^\s*BindCarrier\s*=/m, file: /\.network$/, read: importNetworkd },
  ifplugd: {
    content: /^\s*(?:HOTPLUG_INTERFACES|ARGS(?:_\w+)?)=/m,
    file: /ifplugd(?:\.conf)?$/,
    read: importIfplugd,
  },
  netplugd: { file: /netplugd[^/]*\.conf$/, read: importNetplugd },
  cisco: { content: /^\s*link state (?:track|group)\s/im, read: importCisco },
  junos: { content: /uplink-failure-detection/, read: importJunos },
  arista: { content: /^\s*link tracking group\s/im, read: importArista },
} as const satisfies Readonly<Record<string, Form>>;

/** The name of a form. */
export type FormName = keyof typeof forms;

/** The form of a file, by its content, else by its name; null where neither tells. */
export function formOf(text: string, file: string): FormName | null {
  const names = Object.keys(forms) as readonly FormName[];
  const has = (name: FormName): boolean => (forms[name] as Form).content?.test(text) ?? false;
  const called = (name: FormName): boolean => (forms[name] as Form).file?.test(file) ?? false;
  return names.find(has) ?? names.find(called) ?? null;
}
