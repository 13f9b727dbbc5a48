/** What an element holds: texts stay texts, whatever characters a name has. */
export type Child = Node | string;

/** An element of HTML. @param kind its class; '' for none */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  kind: string,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (kind !== '') {
    made.className = kind;
  }
  made.append(...children);
  return made;
}

/** An element of SVG, with its attributes. */
export function drawn(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Child[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** The element of the page with an id. @throws {Error} where there is none: page.html has it */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

/** Puts elements in the place of all that was there. */
export function fill(id: string, ...children: readonly Child[]): void {
  byId(id).replaceChildren(...children);
}

/** A table: the first cell of each row is its head. */
export function table(
  label: string,
  titles: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const head = element('tr', '');
  for (const title of titles) {
    const cell = element('th', '', title);
    cell.scope = 'col';
    head.append(cell);
  }
  const body = element('tbody', '');
  for (const [name = '', ...cells] of rows) {
    const first = element('th', '', name);
    first.scope = 'row';
    body.append(
      element(
        'tr',
        '',
        first,
        ...cells.map((cell, index) => element('td', index === cells.length - 1 ? '' : 'short', cell)),
      ),
    );
  }
  const made = element('table', '', element('thead', '', head), body);
  return scrolled(made, label);
}

/** What may be wider than the page: it is scrolled by itself, with the keyboard too. */
export function scrolled(content: Node, label: string): HTMLElement {
  const wide = element('div', 'wide', content);
  wide.tabIndex = 0;
  wide.setAttribute('role', 'group');
  wide.setAttribute('aria-label', label);
  return wide;
}
