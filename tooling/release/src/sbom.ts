import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetched, lockedVersion } from './registry.ts';
import { type Product, product, text } from './source.ts';

/** A package that is in every artefact, or comes with it. */
interface Part {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/** Bundled, or installed beside the program. npm's own `sbom` command leaves out what is bundled. */
const FOREIGN = ['koffi', '@koromix/koffi-linux-x64', 'yaml', 'zod'];

function partsOf(): readonly Part[] {
  const { dependencies } = JSON.parse(text('apps/ifdepd/package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const layers = Object.keys(dependencies)
    .filter((name) => name.startsWith('@ifdepd/'))
    .map((name) => manifest(text(`packages/${name.replace('@ifdepd/', '')}/package.json`)));
  const foreign = FOREIGN.map((name) => ({
    ...manifest(readFileSync(join(fetched(name), 'package.json'), 'utf8')),
    version: lockedVersion(name),
  }));
  return [...layers, ...foreign];
}

function manifest(json: string): Part {
  const { name, version, license } = JSON.parse(json) as Record<'name' | 'version' | 'license', string>;
  return { name, version, licence: license };
}

/** A package URL. */
const purl = ({ name, version }: Part): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** What the daemon is made of, as CycloneDX 1.6. */
export function cycloneDx(at: Date, path: string): void {
  const parts = partsOf();
  const of = (part: Part, type: string): object => ({
    'bom-ref': purl(part),
    type,
    name: part.name,
    version: part.version,
    licenses: [{ license: { id: part.licence } }],
    purl: purl(part),
  });
  const whole = main(product());
  writeJson(path, {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([at, whole, parts]))}`,
    version: 1,
    metadata: { timestamp: at.toISOString(), component: of(whole, 'application') },
    components: parts.map((part) => of(part, 'library')),
    dependencies: [{ ref: purl(whole), dependsOn: parts.map(purl) }],
  });
}

/** What the daemon is made of, as SPDX 2.3. */
export function spdx(at: Date, path: string): void {
  const [whole, parts] = [main(product()), partsOf()];
  const idOf = ({ name }: Part): string => `SPDXRef-${name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}`;
  const of = (part: Part): object => ({
    SPDXID: idOf(part),
    name: part.name,
    versionInfo: part.version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: part.licence,
    licenseDeclared: part.licence,
    copyrightText: 'NOASSERTION',
    externalRefs: [
      { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl(part) },
    ],
  });
  const name = `ifdepd-${whole.version}`;
  writeJson(path, {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `${product().homepage.replace(/#.*$/, '')}/${name}-${uuidOf(JSON.stringify([at, whole, parts]))}`,
    creationInfo: { created: at.toISOString().replace(/\.\d+Z$/, 'Z'), creators: ['Organization: ifdepd'] },
    packages: [whole, ...parts].map(of),
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: idOf(whole) },
      ...parts.map((part) => ({
        spdxElementId: idOf(whole),
        relationshipType: 'CONTAINS',
        relatedSpdxElement: idOf(part),
      })),
    ],
  });
}

const main = ({ version }: Product): Part => ({ name: 'ifdepd', version, licence: 'ISC' });

function writeJson(path: string, bill: object): void {
  writeFileSync(path, `${JSON.stringify(bill, null, 2)}\n`);
}

/** An identifier of a content, in the form of a UUID of version 8 (RFC 9562). */
function uuidOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
