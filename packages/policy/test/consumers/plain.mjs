import { compile, simulate } from '@ifdepd/policy';
import schema from '@ifdepd/policy/schema.json' with { type: 'json' };
import { drive } from '@ifdepd/policy/testing';

const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0'] } } });
const driver = drive(policy);
driver.snapshot({ em0: 'failed' });
const { entries } = simulate(policy, [
  {
    at: 0,
    event: { type: 'sources', complete: true, sources: [], destinations: [{ id: 'carp0', is: 'up' }] },
  },
]);
process.stdout.write(`${driver.world.get('carp0')} ${entries[0].effects[0].to} ${schema.title}`);
