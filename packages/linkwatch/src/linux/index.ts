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
export { type Loss, type LossSocket, openLossSocket } from './loss-socket.ts';
