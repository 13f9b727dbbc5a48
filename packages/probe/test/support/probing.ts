import { until } from '@ifdepd/netlab';
import { openProbes, type Probe, type ProbeResult, type ProbeTarget } from '../../src/index.ts';

/** A target that is probed, and all its results. */
export interface Probing extends Disposable {
  readonly probe: Probe;
  readonly results: readonly ProbeResult[];
  /** Waits until the verdict is this. @returns the reason */
  verdict(wanted: Probe['verdict']): Promise<string>;
  /** Waits for a result of this type after those so far. */
  result<Type extends ProbeResult['type']>(type: Type): Promise<Extract<ProbeResult, { type: Type }>>;
}

/** Probes fast: every 20 ms, with 500 ms for an answer, so that a busy machine loses none. Three failures in a row count. */
export function probing(target: ProbeTarget): Probing {
  const probes = openProbes({ random: () => 0 });
  const results: ProbeResult[] = [];
  const listener = { onResult: (result: ProbeResult) => void results.push(result) };
  const probe = probes.add({ everyMs: 20, timeoutMs: 500, fall: 3, ...target }, listener);
  const shown = () => `${probe.verdict}: ${probe.reason}, ${JSON.stringify(results.slice(-3))}`;
  return {
    probe,
    results,
    async verdict(wanted) {
      await until(
        () => `verdict ${wanted}; it is ${shown()}`,
        () => probe.verdict === wanted,
      );
      return probe.reason;
    },
    async result(type) {
      const before = results.length;
      const found = await until(
        () => `a result ${type}; it is ${shown()}`,
        () => results.slice(before).find((one) => one.type === type),
      );
      return found as Extract<ProbeResult, { type: typeof type }>;
    },
    [Symbol.dispose]: () => probes.close(),
  };
}
