export { done, host, refusal } from './messages.ts';
export { runFilter } from './run-filter.ts';
export { type ScriptedNetlink, scriptedNetlink } from './scripted-netlink.ts';
