export { type ScriptedHosts, scriptedHosts } from './scripted-hosts.ts';
