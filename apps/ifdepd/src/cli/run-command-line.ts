import { hostTarget } from '@ifdepd/libc';
import { ExitCode } from '../system/errors.ts';
import type { Command, CommandWords, Invocation } from './arguments/arguments.ts';
import { commandHelp, help } from './arguments/usage.ts';
import { endWithReader, print } from './output/print.ts';

/** Every command but `help`, each loaded when it runs. */
const commands: {
  readonly [Name in Command]: (words: CommandWords<Name>, program: string) => Promise<number>;
} = {
  version: async () => {
    print(`ifdepd ${(await import('../system/version.ts')).version}`);
    return ExitCode.ok;
  },
  demo: async (_words, program) => (await import('./demo/demo-command.ts')).demoCommand(program),
  status: async (words) => (await import('./commands/status.ts')).statusCommand(words),
  explain: async (words) => (await import('./commands/explain.ts')).explainCommand(words),
  events: async (words) => (await import('./commands/events.ts')).eventsCommand(words),
  interfaces: async (words) => (await import('./commands/interfaces.ts')).interfacesCommand(words),
  graph: async (words) => (await import('./commands/graph.ts')).graphCommand(words),
  check: async (words) => (await import('./commands/check.ts')).checkCommand(words),
  plan: async (words) => (await import('./commands/plan.ts')).planCommand(words),
  simulate: async (words) => (await import('./commands/simulate.ts')).simulateCommand(words),
  import: async (words) => (await import('./commands/import.ts')).importCommand(words),
  reload: async (words) => (await import('./commands/operate.ts')).reloadCommand(words),
  pause: async (words) => (await import('./commands/operate.ts')).pauseCommand(words),
  resume: async (words) => (await import('./commands/operate.ts')).resumeCommand(words),
  down: async (words) => (await import('./commands/operate.ts')).downCommand(words),
  up: async (words) => (await import('./commands/operate.ts')).upCommand(words),
  restore: async (words) => (await import('./commands/operate.ts')).restoreCommand(words),
  service: async (words) => (await import('./commands/service.ts')).serviceCommand(words),
  completion: async (words) => (await import('./commands/completion.ts')).completionCommand(words),
  schema: async () => {
    print(JSON.stringify((await import('../config/schema.ts')).configSchema, null, 2));
    return ExitCode.ok;
  },
};

/** Runs anything but the daemon. @returns the exit code */
export async function runCommandLine(
  invocation: Exclude<Invocation, { command: 'daemon' }>,
  program: string,
): Promise<number> {
  endWithReader();
  if (invocation.command !== 'help') {
    return runCommand(invocation.command, invocation, program);
  }
  const { about } = invocation;
  process.stdout.write(about === null ? help(hostTarget().runDirectory) : commandHelp(about));
  return ExitCode.ok;
}

function runCommand<Name extends Command>(
  name: Name,
  words: CommandWords<Name>,
  program: string,
): Promise<number> {
  return commands[name](words, program);
}
