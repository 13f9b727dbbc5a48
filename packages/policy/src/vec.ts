/**
 * A fixed-length array cut into chunks, so that replacing one element copies two short arrays and shares the rest.
 * Plain nested arrays, thus plain JSON.
 */
export type Vec<T> = readonly (readonly T[])[];

/** log2 of the chunk length: 128, about the square root of 10,000, where the least is copied. */
export const SHIFT = 7;

/** The elements of a plain array in chunks. */
export function toVec<T>(elements: readonly T[]): Vec<T> {
  const chunks: T[][] = [];
  elements.forEach((element, index) => {
    chunks[index >> SHIFT] ??= [];
    chunks[index >> SHIFT]?.push(element);
  });
  return chunks;
}

/** The element at an index that exists. */
export function get<T>(vec: Vec<T>, index: number): T {
  return at(at(vec, index >> SHIFT), index & ((1 << SHIFT) - 1));
}

/** A copy with one element replaced. */
export function put<T>(vec: Vec<T>, index: number, element: T): Vec<T> {
  const chunk = at(vec, index >> SHIFT);
  return replaced(vec, index >> SHIFT, replaced(chunk, index & ((1 << SHIFT) - 1), element));
}

/** A copy of a plain array with one element replaced. */
export function replaced<T>(array: readonly T[], index: number, element: T): readonly T[] {
  const copy = array.slice();
  copy[index] = element;
  return copy;
}

/** The element of a plain array at an index that the caller knows to exist. */
export function at<T>(array: readonly T[], index: number): T {
  return array[index] as T;
}
