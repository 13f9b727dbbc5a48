export { type ScriptedNetIf, scriptedNetIf } from './scripted-netif.ts';
