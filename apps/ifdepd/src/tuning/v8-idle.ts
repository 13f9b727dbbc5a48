/** V8 13.1, in Node 24 and later: https://chromium-review.googlesource.com/c/v8/v8/+/5935313 */
const FIRST_RESTLESS = 13;

/** Tells of a collection by what it collects; a PerformanceObserver brings half a megabyte along. It has to be held. */
let collections: FinalizationRegistry<null> | undefined;

/**
 * Lets V8 give back the memory that the start and every busy hour leave behind, and then sleep.
 *
 * Its memory reducer looks each eight seconds whether the program has become quiet, collects a few times once it has,
 * and ends. Since V8 13.1 a program that makes no object in the heap of V8's embedder is never quiet: no bytes a second
 * are taken for a processor that does nothing but allocate (ComputeMutatorUtilizationImpl in V8's src/heap/heap.cc,
 * https://github.com/nodejs/node/issues/66564). It is woken every eight seconds for ever, and nothing is ever given
 * back. A script that was compiled is such an object. One is forgotten within two minutes, so each collection has one of
 * its own.
 *
 * Only a collection sets the reducer to work, or, before the first one, the first growth of the old generation after such
 * an object is there (IncrementalMarkingLimitReached, there too). It is made to grow: else it is chance whether the memory
 * of the start is ever given back.
 */
export function restAfterCollections(): void {
  if (Number.parseInt(process.versions.v8, 10) < FIRST_RESTLESS) {
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

/** V8 gives the old generation memory in pieces of at most one of its pages. */
const PAGE_BYTES = 256 * 1024;

/** The names of properties are old from the beginning. These go with their object. */
function growOldGeneration(): void {
  const object: Record<string, null> = {};
  const name = 'x'.repeat(1024);
  for (let bytes = 0; bytes < PAGE_BYTES; bytes += name.length) {
    object[`${name}${bytes}`] = null;
  }
}
