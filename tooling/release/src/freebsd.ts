import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { about } from './linux-package.ts';
import { licences, manualPages, program, targets } from './program.ts';
import type { Product } from './source.ts';
import { text } from './source.ts';
import { gzip, tar } from './tar.ts';
import { below, file, sorted, type Tree } from './tree.ts';

/** The program for FreeBSD, as its port installs it below /usr/local. */
function installed(): Tree {
  return [
    ...below('lib/ifdepd', program(targets['freebsd-x64'])),
    ...below('share', manualPages()),
    file('share/licenses/ifdepd/LICENSE', licences()),
  ];
}

/** What the port fetches: no compiler is needed there. */
export async function freebsdArchive({ version }: Product, at: Date, path: string): Promise<Buffer> {
  const archive = gzip(await tar(below(`ifdepd-${version}`, installed()), { at }));
  writeFileSync(path, archive);
  return archive;
}

/** A port in its folder, ready for `poudriere testport net/ifdepd`. */
export async function freebsdPort(
  product: Product,
  at: Date,
  path: string,
  { name, content }: { readonly name: string; readonly content: Buffer },
): Promise<void> {
  const sum = createHash('sha256').update(content).digest('hex');
  const port: Tree = [
    file('Makefile', makefile(product)),
    file(
      'distinfo',
      `TIMESTAMP = ${at.getTime() / 1000}\nSHA256 (${name}) = ${sum}\nSIZE (${name}) = ${content.byteLength}\n`,
    ),
    file('pkg-descr', `${about.description.join('\n')}\n`),
    file('pkg-plist', plist()),
    file('files/ifdepd.in', text('apps/ifdepd/service/freebsd/ifdepd')),
    file(
      'files/ifdepd.sh.in',
      '#!/bin/sh\nexec %%PREFIX%%/bin/node %%PREFIX%%/lib/ifdepd/dist/main.cjs "$@"\n',
    ),
  ];
  writeFileSync(path, gzip(await tar(below('net/ifdepd', port), { at })));
}

function plist(): string {
  const paths = sorted(installed()).map(({ path }) => path);
  return `${['bin/ifdepd', ...paths].join('\n')}\n`;
}

function makefile({ version, homepage }: Product): string {
  return `PORTNAME=	ifdepd
DISTVERSION=	${version}
CATEGORIES=	net
MASTER_SITES=	${new URL(homepage).origin}/ifdepd/ifdepd/releases/download/ifdepd@\${DISTVERSION}/
DISTNAME=	\${PORTNAME}-\${DISTVERSION}-freebsd-x64

MAINTAINER=	ports@FreeBSD.org
COMMENT=	${about.summary.replace(/^./, (first) => first.toUpperCase())}
WWW=		${homepage}

LICENSE=	ISCL MIT
LICENSE_COMB=	multi

ONLY_FOR_ARCHS=	amd64
RUN_DEPENDS=	node>=${about.node}:www/node

NO_BUILD=	yes
WRKSRC=		\${WRKDIR}/\${PORTNAME}-\${DISTVERSION}
USE_RC_SUBR=	ifdepd
SUB_FILES=	ifdepd.sh

do-install:
	cd \${WRKSRC} && \${COPYTREE_SHARE} . \${STAGEDIR}\${PREFIX}
	\${INSTALL_SCRIPT} \${WRKDIR}/ifdepd.sh \${STAGEDIR}\${PREFIX}/bin/ifdepd

.include <bsd.port.mk>
`;
}

/** The name of what the port fetches. */
export const freebsdName = ({ version }: Product): string => basename(`ifdepd-${version}-freebsd-x64.tar.gz`);
