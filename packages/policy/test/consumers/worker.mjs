// By its file: a worker in a browser has no import map. `postMessage` is that of a web worker.
import { compile, explain } from './node_modules/@ifdepd/policy/dist/index.js';
import { drive } from './node_modules/@ifdepd/policy/dist/testing/index.js';

const policy = compile({ groups: { g: { require: { any: ['em0', 'em1'] }, destinations: ['carp0'] } } });
const driver = drive(policy);
driver.snapshot({ em0: 'failed', em1: 'failed' });
postMessage(explain(policy, driver.state).groups[0].sentence);
