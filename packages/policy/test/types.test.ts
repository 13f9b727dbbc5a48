import { expectTypeOf, test } from 'vitest';
import {
  compile,
  type describe,
  type Effect,
  type Expression,
  everyOutcome,
  type explain,
  type Phase,
  type Policy,
  type PolicyConfig,
  type PolicyEvent,
  type Run,
  run,
  type State,
  type Step,
  start,
  step,
} from '../src/index.ts';

// `npm run typecheck` checks these: a wrong type, or an expected error that does not occur, fails there.

test('a configuration with `satisfies` and `as const` keeps its names', () => {
  const config = {
    groups: {
      gateway: {
        require: { all: ['em0', { not: 'maintenance' }] },
        destinations: ['carp0'],
        upDelayMs: 3_000,
      },
      backup: { require: { atLeast: '50%', of: ['eth0', 'eth1'] }, destinations: ['vrrp.51'], dampening: {} },
    },
  } as const satisfies PolicyConfig;
  expectTypeOf<keyof typeof config.groups>().toEqualTypeOf<'gateway' | 'backup'>();
  expectTypeOf(compile(config)).toEqualTypeOf<
    Policy<'em0' | 'maintenance' | 'eth0' | 'eth1', 'gateway' | 'backup', 'carp0' | 'vrrp.51'>
  >();
});

test('a policy of a configuration that only the running program knows has names of any kind', () => {
  const read = (config: PolicyConfig) => compile(config);
  expectTypeOf(read).returns.toEqualTypeOf<Policy>();
});

test('a misspelt group in a configuration is an error of the compiler', () => {
  const wrong = () =>
    // @ts-expect-error: there is no group gatewya
    compile({
      groups: {
        gateway: { require: 'em0', destinations: ['carp0'] },
        chain: { require: { all: ['em1', { not: { group: 'gatewya' } }] }, destinations: ['carp1'] },
      },
    });
  expectTypeOf(wrong).toBeFunction();
});

test('a misspelt source, group or destination in an event of a run is an error of the compiler', () => {
  const policy = compile({
    groups: {
      gateway: {
        require: { any: ['em0', { weight: { atLeast: 1, of: [{ source: 'em1', weight: 1 }] } }] },
        destinations: ['carp0'],
      },
    },
  });
  const wrong = (running: Run<PolicyEvent<'em0' | 'em1', 'gateway', 'carp0'>>): void => {
    expectTypeOf(run(policy, { apply: () => undefined })).toEqualTypeOf(running);
    running.feed({ type: 'source', source: { id: 'em1', health: 'active', reason: '' } });
    // @ts-expect-error: there is no source emO
    running.feed({ type: 'source', source: { id: 'emO', health: 'active', reason: '' } });
    // @ts-expect-error: there is no group gatewya
    running.feed({ type: 'pause', group: 'gatewya' });
    // @ts-expect-error: there is no destination crap0
    running.feed({ type: 'destination', id: 'crap0', is: 'up' });
    // @ts-expect-error: nor in an outcome
    everyOutcome(policy)[0]?.groups.gatewya;
  };
  expectTypeOf(wrong).toBeFunction();
});

test('a wrong configuration does not type-check', () => {
  const groups = (_: PolicyConfig['groups']): void => undefined;
  groups({ g: { require: 'a' } });
  // @ts-expect-error: a requirement is required
  groups({ g: { destinations: ['d'] } });
  // @ts-expect-error: no such key
  groups({ g: { require: 'a', destinations: ['d'], upDelay: 3 } });
  // @ts-expect-error: no such word
  groups({ g: { require: 'a', destinations: ['d'], enforce: 'sometimes' } });
  // @ts-expect-error: a percentage ends with a percent sign
  groups({ g: { require: { atLeast: '50', of: ['a'] }, destinations: ['d'] } });
  // @ts-expect-error: a count needs members
  groups({ g: { require: { atLeast: 1 }, destinations: ['d'] } });
  // @ts-expect-error: absent and undefined are not the same
  groups({ g: { require: 'a', destinations: ['d'], upDelayMs: undefined } });
  const expression = (_: Expression): void => undefined;
  // @ts-expect-error: a weight is a number
  expression({ weight: { atLeast: 1, of: [{ source: 'a', weight: '1' }] } });
});

test('the type of a step is exact and readonly', () => {
  expectTypeOf(start).toEqualTypeOf<(policy: Policy, now: number) => Step>();
  expectTypeOf(step).toEqualTypeOf<(policy: Policy, state: State, event: PolicyEvent, now: number) => Step>();
  expectTypeOf<Step['nextDeadline']>().toEqualTypeOf<number | null>();
  expectTypeOf<Step['effects']>().toEqualTypeOf<readonly Effect[]>();
  const wrong = (result: Step): void => {
    // @ts-expect-error: nothing of a state can be assigned
    result.state.now = 1;
    // @ts-expect-error: nor can effects be added
    result.effects.push();
    // @ts-expect-error: nor to a list in a configuration
    compile({ groups: {} }).config.groups['g']?.destinations.push('x');
  };
  expectTypeOf(wrong).toBeFunction();
});

test('events and effects are distinguished by their type', () => {
  const kinds = (event: PolicyEvent): string => {
    switch (event.type) {
      case 'source':
        return event.source.health;
      case 'sources':
        return `${event.complete}`;
      case 'destination':
        return event.is;
      case 'effect-failed':
        return event.effect.to;
      case 'pause':
      case 'drain':
        expectTypeOf(event.until).toEqualTypeOf<number | undefined>();
        return event.group;
      case 'resume':
      case 'restore':
        return event.group;
      case 'tick':
        return '';
    }
  };
  expectTypeOf(kinds).returns.toBeString();
  // @ts-expect-error: a resume has no end
  kinds({ type: 'resume', group: 'g', until: 3 });
  expectTypeOf<ReturnType<typeof describe>['groups'][number]['phase']>().toEqualTypeOf<Phase>();
  expectTypeOf<ReturnType<typeof explain>['groups'][number]['sentence']>().toBeString();
});
