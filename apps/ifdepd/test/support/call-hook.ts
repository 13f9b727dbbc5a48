import type { Libc } from '@ifdepd/libc';

/** A libc that says when it is called. */
export interface HookedLibc {
  readonly libc: Libc;
  /** How many calls have been made since the hook was set. */
  readonly calls: number;
  /** From now on: before the call with this number, counted from 0, something happens. */
  before(call: number, happens: () => void): void;
}

/** Between any two system calls of a daemon, something can happen. */
export function hookedLibc(libc: Libc): HookedLibc {
  let calls = 0;
  let at = -1;
  let happens = () => {};
  const hooked = new Proxy(
    { ...libc },
    {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        return typeof value !== 'function'
          ? value
          : (...args: unknown[]) => {
              if (calls === at) {
                at = -1;
                happens();
              }
              calls += 1;
              return Reflect.apply(value, target, args);
            };
      },
    },
  );
  return {
    libc: hooked,
    get calls() {
      return calls;
    },
    before(call, what) {
      calls = 0;
      at = call;
      happens = what;
    },
  };
}
