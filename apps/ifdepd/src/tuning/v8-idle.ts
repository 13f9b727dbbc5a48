/** V8 13.1, in Node 24 and later: https://chromium-review.googlesource.com/c/v8/v8/+/5935313 */
const FIRST_AFFECTED = 13;

/** Notices collections by what they collect. It has to stay referenced. A PerformanceObserver takes half a megabyte. */
let collections: FinalizationRegistry<null> | undefined;

/**
 * Lets V8 give back the memory of the start and of every busy hour, and then sleep.
 *
 * V8's memory reducer checks every eight seconds whether the program is idle. When it is, the reducer collects a few times
 * and ends. Since V8 13.1 a program that makes no object in the heap of V8's embedder never counts as idle: zero bytes a
 * second are taken for a processor that only allocates (ComputeMutatorUtilizationImpl in V8's src/heap/heap.cc). V8 wakes it
 * every eight seconds for ever and gives nothing back. A compiled script is such an object. V8 forgets one within two
 * minutes, so each collection gets a script of its own.
 *
 * Only a collection starts the reducer or, before the first collection, growth of the old generation while such an object
 * exists (IncrementalMarkingLimitReached, same file). So the old generation is made to grow. Otherwise it is chance whether
 * the memory of the start is ever given back.
 *
 * Issue: https://github.com/nodejs/node/issues/66564 (docs/adr/2026-11-23-idle-gc-workaround.md).
 * End: 2028-04-30 at the latest, when Node 24 ends; earlier when each supported line has the fix.
 */
export function letV8Idle(): void {
  if (Number.parseInt(process.versions.v8, 10) < FIRST_AFFECTED) {
    return;
  }
  const { Script } = process.getBuiltinModule('node:vm');
  const leaveObject = () => {
    new Script('');
    collections?.register({}, null);
  };
  collections = new FinalizationRegistry(leaveObject);
  leaveObject();
  growOldGeneration();
}

/** The old generation grows by at most one page of V8 at a time. */
const PAGE_BYTES = 256 * 1024;

/** Names of properties are allocated in the old generation at once. These are collected with their object. */
function growOldGeneration(): void {
  const object: Record<string, null> = {};
  const name = 'x'.repeat(1024);
  for (let bytes = 0; bytes < PAGE_BYTES; bytes += name.length) {
    object[`${name}${bytes}`] = null;
  }
}
