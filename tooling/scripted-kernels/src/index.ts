export type { ScriptedCarp, ScriptedCarpState } from './bsd/carps.ts';
export type { ScriptedLayer } from './bsd/layers.ts';
export { type ScriptedBsd, scriptedBsd } from './bsd/scripted-bsd.ts';
