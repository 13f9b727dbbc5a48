/** The elements of the playground. Their ids are its own. */
export const LAYOUT = `
<div class="pg-columns">
  <section aria-labelledby="pg-h-configuration">
    <h2 id="pg-h-configuration">Configuration</h2>
    <textarea id="pg-configuration" aria-labelledby="pg-h-configuration" spellcheck="false" rows="14"></textarea>
    <div role="status"><ul id="pg-errors" class="pg-errors"></ul></div>
  </section>
  <section aria-labelledby="pg-h-sources">
    <h2 id="pg-h-sources">Sources</h2>
    <p>A switch adds a line to the timeline at the time that is shown; at the end, one second later.</p>
    <ul id="pg-sources" class="pg-list" aria-labelledby="pg-h-sources"></ul>
    <h2 id="pg-h-groups">Groups</h2>
    <ul id="pg-groups" class="pg-list" aria-labelledby="pg-h-groups"></ul>
    <h2 id="pg-h-timeline">Timeline</h2>
    <textarea id="pg-timeline" aria-labelledby="pg-h-timeline" spellcheck="false" rows="6"></textarea>
    <p><label>Journal or timeline: <input id="pg-file" type="file"></label> or drop it on this page</p>
  </section>
</div>
<section aria-labelledby="pg-h-time">
  <h2 id="pg-h-time">Time: <output id="pg-now">0 ms</output></h2>
  <div class="pg-row">
    <button type="button" id="pg-play">Play</button>
    <button type="button" id="pg-restart">From the start</button>
    <button type="button" id="pg-second">+1 s</button>
    <button type="button" id="pg-deadline">To the next deadline</button>
    <button type="button" id="pg-end">To the end</button>
    <label>Speed <select id="pg-speed"><option value="1">1</option><option value="10">10</option><option value="60">60</option></select></label>
    <button type="button" id="pg-example">Example</button>
  </div>
  <input type="range" id="pg-scrub" min="0" max="1" step="1" value="0" aria-label="Time in milliseconds">
  <div id="pg-chart"></div>
</section>
<div class="pg-columns">
  <section aria-labelledby="pg-h-why">
    <h2 id="pg-h-why">Why</h2>
    <ul id="pg-why" aria-labelledby="pg-h-why"></ul>
  </section>
  <section aria-labelledby="pg-h-transitions">
    <h2 id="pg-h-transitions">Transitions</h2>
    <ol id="pg-transitions" class="pg-log" tabindex="0" aria-labelledby="pg-h-transitions"></ol>
  </section>
</div>
<section aria-labelledby="pg-h-graph">
  <h2 id="pg-h-graph">Graph</h2>
  <div id="pg-graph"></div>
  <pre id="pg-graph-text" tabindex="0" role="group" aria-label="The graph as text"></pre>
</section>
`;
