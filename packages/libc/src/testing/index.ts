export { type LibcScript, type ScriptedCall, type ScriptedLibc, scriptedLibc } from './scripted-libc.ts';
