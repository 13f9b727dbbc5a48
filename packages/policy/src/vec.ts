/**
 * A fixed-length array cut into chunks, so that replacing one element copies two short arrays and shares the rest:
 * with chunks of about √n elements the cost of a change grows with √n, not n. Plain nested arrays, thus plain JSON.
 */
export type Vec<T> = readonly (readonly T[])[];

/** log2 of the chunk length for so many elements; at least 16 to a chunk. */
export function shiftFor(length: number): number {
  let shift = 4;
  while (4 ** shift < length) shift += 1;
  return shift;
}

/** Cuts an array into chunks. */
export function toVec<T>(elements: readonly T[], shift: number): Vec<T> {
  const chunks: T[][] = [];
  for (let at = 0; at < elements.length; at += 1 << shift) chunks.push(elements.slice(at, at + (1 << shift)));
  return chunks;
}

/** The element at an index that exists. */
export function get<T>(vec: Vec<T>, shift: number, index: number): T {
  return at(at(vec, index >> shift), index & ((1 << shift) - 1));
}

/** The same with one element replaced. */
export function put<T>(vec: Vec<T>, shift: number, index: number, element: T): Vec<T> {
  const chunk = at(vec, index >> shift).slice();
  chunk[index & ((1 << shift) - 1)] = element;
  const chunks = vec.slice();
  chunks[index >> shift] = chunk;
  return chunks;
}

/** The element of a plain array at an index that the caller knows to exist. */
export function at<T>(array: readonly T[], index: number): T {
  return array[index] as T;
}
