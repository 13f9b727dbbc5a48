export type { ScriptedCarp, ScriptedCarpState } from './bsd/carps.ts';
export type { ScriptedLayer } from './bsd/layers.ts';
export { type ScriptedBsd, scriptedBsd } from './bsd/scripted-bsd.ts';
export { type CreatedKind, type LinkOperation, type Operator, openOperator } from './linux/operations.ts';
export { type ScriptedLinux, type ScriptedLinuxOptions, scriptedLinux } from './linux/scripted-linux.ts';
