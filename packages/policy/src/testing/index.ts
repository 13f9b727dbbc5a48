/**
 * For tests of programs that use the engine: a driver with a fake clock and a fake world, and a naive model to compare
 * with. No dependencies.
 *
 * @module
 */
export { type Driver, drive } from './driver.ts';
export type { Direction, NaiveDestination, NaiveWrite } from './naive-destination.ts';
export type { NaiveGroup } from './naive-group.ts';
export { type NaiveModel, naiveModel } from './naive-model.ts';
