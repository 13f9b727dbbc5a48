import type { NetIfFeatures } from '@ifdepd/netif';
import { checkSource, probeSource } from './fed-source.ts';
import { InterfaceSource } from './interface-source.ts';
import { patternSource } from './pattern-source.ts';
import type { Kind, Source, SourceMaker } from './source.ts';
import { vhidSource } from './vhid-source.ts';

export { askMedia, linkHealth } from './interface-source.ts';
export type { Kind, Source, SourceHealth, SourceHost } from './source.ts';

const MAKERS: { readonly [K in Exclude<Kind, 'interface'>]: SourceMaker<K> } = {
  vhid: vhidSource,
  check: checkSource,
  probe: probeSource,
  pattern: patternSource,
};

/** Where only the words matter: no id means a vhid then. */
const ANYWHERE: Pick<NetIfFeatures, 'carp'> = { carp: null };

/** The source that an id means: an interface, where it is nothing else. @param features of the system */
export function sourceOf(id: string, features: Pick<NetIfFeatures, 'carp'> = ANYWHERE): Source {
  for (const make of Object.values(MAKERS)) {
    const source = make(id, features);
    if (source !== null) {
      return source;
    }
  }
  return new InterfaceSource(id);
}
