import { drawGraph } from '../../ifdepd/page/draw-graph.ts';
import { byId, element, fill } from '../../ifdepd/page/element.ts';
import { readTimeline } from '../../ifdepd/src/cli/commands/timeline.ts';
import { compiled } from '../../ifdepd/src/config/compiled-policy.ts';
import { showDuration } from '../../ifdepd/src/config/duration.ts';
import { parseEntries } from '../../ifdepd/src/state/journal-entry.ts';
import { provideByteLength } from './byte-length.ts';
import { clock } from './clock.ts';
import { controls } from './controls.ts';
import { drawTimeline } from './draw-timeline.ts';
import { EXAMPLE } from './example.ts';
import { LAYOUT } from './layout.ts';
import { type Incident, mistakesIn, NAMES, type Outcome, outcomeOf, settingsOf } from './outcome.ts';
import { fromFragment, toFragment } from './shared-link.ts';
import { withLine, writeTimeline } from './written-timeline.ts';

/** Builds the playground in an element of the page, with the incident of the address or an example. */
export async function mountPlayground(host: HTMLElement): Promise<void> {
  provideByteLength();
  const incident = (await fromFragment(location.hash)) ?? EXAMPLE;
  host.innerHTML = LAYOUT;
  const configuration = byId('pg-configuration') as HTMLTextAreaElement;
  const timeline = byId('pg-timeline') as HTMLTextAreaElement;
  const scrub = byId('pg-scrub') as HTMLInputElement;
  const speed = byId('pg-speed') as HTMLSelectElement;
  const file = byId('pg-file') as HTMLInputElement;
  /** Null: the end of the timeline, with all that follows from it. */
  let now: number | null = null;
  let outcome: Outcome | null = null;

  const running = clock((time) => {
    now = time;
    draw();
  });
  const switches = controls(byId('pg-sources'), byId('pg-groups'), (words) => {
    // At the end all deadlines have passed, and a second later nothing else happens at the same time.
    const at = (outcome?.now ?? 0) + (now === null ? 1000 : 0);
    timeline.value = withLine(timeline.value, at, words);
    changed();
  });

  function draw(): void {
    try {
      outcome = outcomeOf({ configuration: configuration.value, timeline: timeline.value }, now);
      fill('pg-errors');
    } catch (error) {
      pause();
      fill('pg-errors', ...mistakesIn(error).map((line) => element('li', '', line)));
      return;
    }
    const { end, status, explanation, lines } = outcome;
    switches.show(status);
    byId('pg-now').textContent = showDuration(outcome.now);
    scrub.max = String(Math.max(end, outcome.now));
    scrub.value = String(outcome.now);
    scrub.setAttribute('aria-valuetext', showDuration(outcome.now));
    fill('pg-chart', drawTimeline(outcome));
    fill(
      'pg-why',
      ...[...explanation.groups, ...explanation.destinations].map(({ sentence }) =>
        element('li', '', sentence),
      ),
    );
    fill('pg-transitions', ...lines.map((line) => element('li', '', line)));
    const sources = new Map(status.groups.flatMap((group) => group.sources.map((one) => [one.id, one])));
    fill('pg-graph', drawGraph({ ...status, sources: [...sources.values()] }));
    byId('pg-graph-text').textContent = outcome.graph;
  }

  /** After a change of a text: the address holds it. */
  function changed(): void {
    draw();
    const written: Incident = { configuration: configuration.value, timeline: timeline.value };
    void toFragment(written).then((fragment) => history.replaceState(history.state, '', fragment));
  }

  function pause(): void {
    running.stop();
    byId('pg-play').textContent = 'Play';
  }

  function play(from: number): void {
    running.start(from, Number(speed.value));
    byId('pg-play').textContent = 'Pause';
  }

  function goTo(time: number | null): void {
    pause();
    now = time;
    draw();
  }

  function open(text: string): void {
    let read = text;
    try {
      if (parseEntries(text).length > 0) {
        const { timeline: entries, end } = readTimeline(
          text,
          NAMES.timeline,
          compiled(settingsOf(configuration.value).policy),
        );
        read = writeTimeline(entries, end);
      }
    } catch (error) {
      fill('pg-errors', ...mistakesIn(error).map((line) => element('li', '', line)));
      return;
    }
    timeline.value = read;
    goTo(null);
    changed();
  }

  function begin({ configuration: rules, timeline: events }: Incident): void {
    configuration.value = rules;
    timeline.value = events;
    goTo(null);
  }

  const onClick = (id: string, act: () => void): void => byId(id).addEventListener('click', act);
  configuration.addEventListener('input', changed);
  timeline.addEventListener('input', changed);
  onClick('pg-play', () => (running.isRunning ? pause() : play(outcome?.now ?? 0)));
  onClick('pg-restart', () => {
    now = 0;
    draw();
    play(0);
  });
  onClick('pg-second', () => goTo((outcome?.now ?? 0) + 1000));
  onClick('pg-deadline', () => goTo(outcome?.status.nextDeadline ?? outcome?.now ?? null));
  onClick('pg-end', () => goTo(null));
  onClick('pg-example', () => {
    begin(EXAMPLE);
    changed();
  });
  speed.addEventListener('change', () => running.isRunning && play(outcome?.now ?? 0));
  scrub.addEventListener('input', () => goTo(Number(scrub.value)));
  file.addEventListener('change', () => void file.files?.[0]?.text().then(open));
  host.addEventListener('dragover', (event) => event.preventDefault());
  host.addEventListener('drop', (event) => {
    event.preventDefault();
    void event.dataTransfer?.files[0]?.text().then(open);
  });
  window.addEventListener('hashchange', () => {
    void fromFragment(location.hash).then((found) => found !== null && begin(found));
  });
  begin(incident);
}
