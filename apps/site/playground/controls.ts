import type { Status } from '@ifdepd/policy';
import { element } from '../../ifdepd/page/element.ts';

/** Commands of an operator for a group. */
const COMMANDS = ['down', 'up', 'pause', 'resume', 'restore'] as const;

/** What a control adds to the timeline: `em0 failed`, `down gateway`. */
export type Add = (words: string) => void;

/** Switches for the sources, and buttons for the groups. They are made anew only when the names change. */
export function controls(sources: HTMLElement, groups: HTMLElement, add: Add) {
  let shown = '';
  const switches = new Map<string, HTMLButtonElement>();

  function switchOf(id: string): HTMLElement {
    const button = element('button', 'switch', id);
    button.type = 'button';
    button.setAttribute('role', 'switch');
    button.addEventListener('click', () => {
      add(`${id} ${button.getAttribute('aria-checked') === 'true' ? 'failed' : 'active'}`);
    });
    switches.set(id, button);
    return element('li', '', button);
  }

  function buttonsOf(group: string): HTMLElement {
    const buttons = COMMANDS.map((command) => {
      const button = element('button', '', command);
      button.type = 'button';
      button.setAttribute('aria-label', `${command} ${group}`);
      button.addEventListener('click', () => add(`${command} ${group}`));
      return button;
    });
    return element('li', '', element('span', '', group), ' ', ...buttons);
  }

  return {
    /** Shows the state of each source; without a status, nothing. */
    show(status: Status | null): void {
      const readings = new Map(
        status?.groups.flatMap((group) => group.sources.map((source) => [source.id, source.health])) ?? [],
      );
      const names = status?.groups.map(({ name }) => name) ?? [];
      const key = JSON.stringify([[...readings.keys()], names]);
      if (key !== shown) {
        shown = key;
        switches.clear();
        sources.replaceChildren(...[...readings.keys()].map(switchOf));
        groups.replaceChildren(...names.map(buttonsOf));
      }
      for (const [id, button] of switches) {
        button.setAttribute('aria-checked', String(readings.get(id) === 'active'));
      }
    },
  };
}
