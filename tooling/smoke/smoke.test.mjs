import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { command, cut, daemon, makeSource, path, plug, removeSource, run, runAll, set } from './lab.mjs';
import { system } from './systems.mjs';

const { source, destination, cable, carp } = system;
const task = ['--no-socket', '-S', source, '-D', destination];

/** Cleanup steps after a test, last first. */
let undo = [];

beforeEach(() => {
  makeSource();
  undo.push(removeSource);
  runAll(system.makeDestination);
  undo.push(() => runAll(system.removeDestination));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

/** A daemon that ends with the test. @param {...string} words */
function start(...words) {
  const started = daemon(...words);
  undo.push(() => started.end('SIGKILL'));
  return started;
}

test('the command is there, and knows the interfaces of this host', () => {
  assert.match(command('--version').stdout, /^ifdepd \d+\.\d+\.\d+/);
  const { status, stdout, stderr } = command('interfaces', '--json');
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  assert.match(stdout, new RegExp(`"${source}"`));
});

test('a source that is set down takes its destination down, and back up', async () => {
  const ifdepd = start(...task);
  await ifdepd.logs(/ready: /);
  set(source, 'down');
  await ifdepd.sets(destination, 'down');
  await ifdepd.logs(new RegExp(`${source}: active -> failed \\(admin down\\)`));
  set(source, 'up');
  await ifdepd.sets(destination, 'up');
});

test('a carrier that is lost does, too', async (t) => {
  if (typeof cable === 'string') {
    t.skip(cable);
    return;
  }
  const ifdepd = start(...task);
  await ifdepd.logs(/ready: /);
  cut();
  await ifdepd.sets(destination, 'down');
  plug();
  await ifdepd.sets(destination, 'up');
});

test('a destination that another program sets up is set down again', async () => {
  set(source, 'down');
  const ifdepd = start(...task);
  await ifdepd.sets(destination, 'down');
  set(destination, 'up');
  await ifdepd.logs(/another program set it up; set down again/);
  await ifdepd.sets(destination, 'down');
});

test('a source that is destroyed has failed; made again, it is active', async () => {
  const ifdepd = start(...task);
  await ifdepd.logs(/ready: /);
  removeSource();
  undo = undo.filter((step) => step !== removeSource);
  await ifdepd.sets(destination, 'down');
  await ifdepd.logs(new RegExp(`${source}: active -> failed`));
  makeSource();
  undo.unshift(removeSource);
  await ifdepd.sets(destination, 'up');
});

test('it ends in order, and leaves the destinations as they are', async () => {
  set(source, 'down');
  const ifdepd = start(...task);
  await ifdepd.sets(destination, 'down');
  assert.deepEqual(await ifdepd.end(), { code: 0, signal: null });
  await ifdepd.sets(destination, 'down');
});

test('a configuration, and the control socket', async () => {
  const config = path('ifdepd.conf');
  const socket = path('ifdepd.sock');
  writeFileSync(config, `groups:\n  smoke:\n    sources: [${source}]\n    destinations: [${destination}]\n`);
  set(source, 'down');
  const ifdepd = start('-s', socket, '-f', config);
  await ifdepd.sets(destination, 'down');
  const { status, stdout, stderr } = command('status', '--json', '-s', socket);
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  const { groups, platform } = JSON.parse(stdout);
  assert.deepEqual(
    groups.map(({ name, phase, blame }) => ({ name, phase, blame })),
    [{ name: 'smoke', phase: 'down', blame: [source] }],
  );
  assert.equal(typeof platform, 'string');
});

test('a carp is held down while the source has failed', async (t) => {
  if (typeof carp === 'string') {
    t.skip(carp);
    return;
  }
  try {
    runAll(carp.make);
  } catch (error) {
    if (carp.required) {
      throw error;
    }
    t.skip(`no carp(4) here: ${error.message}`);
    return;
  }
  undo.push(() => runAll(carp.remove));
  const ifdepd = start('--no-socket', '-S', source, '-D', carp.destination);
  await ifdepd.shows(carp.show, carp.free);
  await ifdepd.logs(/ready: /);
  set(source, 'down');
  await ifdepd.shows(carp.show, carp.held);
  set(source, 'up');
  await ifdepd.shows(carp.show, carp.free);
  assert.match(run(carp.show), carp.free);
});
