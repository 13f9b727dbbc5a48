export type { Guarded } from '../wire/link-state-filters.ts';
export {
  type Dependent,
  type DependentLoss,
  dependentsOf,
  type SetDown,
  type Topology,
  topologyOf,
} from './dependents.ts';
export { followsOneLink, type KindFacts, kindFacts, kindKnowsProtoDown } from './link-kinds.ts';
export { type LinkSensor, openLinkSensor } from './link-sensor.ts';
export {
  type GuardSocket,
  type Loss,
  type LossSocket,
  type NarrowSocket,
  type NarrowSocketOptions,
  openGuardSocket,
  openLossSocket,
  openRepairSocket,
  type RepairSocket,
} from './narrow-sockets.ts';
