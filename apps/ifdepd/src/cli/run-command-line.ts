import { hostTarget } from '@ifdepd/libc';
import { ExitCode, UsageError } from '../system/errors.ts';
import { commandWords, type Invocation } from './arguments/arguments.ts';
import { SHELLS } from './arguments/command-table.ts';
import { commandHelp, help } from './arguments/usage.ts';
import { endWithReader, print } from './output/print.ts';

/** Runs anything but the daemon. What a command needs is loaded with it. @returns the exit code */
export async function runCommandLine(
  invocation: Exclude<Invocation, { command: 'daemon' }>,
  program: string,
): Promise<number> {
  endWithReader();
  if (invocation.command === 'help') {
    process.stdout.write(
      invocation.about === null ? help(hostTarget().runDirectory) : commandHelp(invocation.about),
    );
    return ExitCode.ok;
  }
  const { command, words } = invocation;
  switch (command) {
    case 'version':
      print(`ifdepd ${(await import('../system/version.ts')).version}`);
      return ExitCode.ok;
    case 'demo':
      return (await import('./demo/demo-command.ts')).demoCommand(program);
    case 'status':
      return (await import('./commands/status.ts')).statusCommand(commandWords(command, words));
    case 'explain':
      return (await import('./commands/explain.ts')).explainCommand(commandWords(command, words));
    case 'events':
      return (await import('./commands/events.ts')).eventsCommand(commandWords(command, words));
    case 'interfaces':
      return (await import('./commands/interfaces.ts')).interfacesCommand(commandWords(command, words));
    case 'graph':
      return (await import('./commands/graph.ts')).graphCommand(commandWords(command, words));
    case 'check':
      return (await import('./commands/check.ts')).checkCommand(commandWords(command, words));
    case 'plan':
      return (await import('./commands/plan.ts')).planCommand(commandWords(command, words));
    case 'simulate':
      return (await import('./commands/simulate.ts')).simulateCommand(commandWords(command, words));
    case 'reload':
      return (await import('./commands/operate.ts')).reloadCommand(commandWords(command, words));
    case 'pause':
      return (await import('./commands/operate.ts')).pauseCommand(commandWords(command, words));
    case 'resume':
      return (await import('./commands/operate.ts')).resumeCommand(commandWords(command, words));
    case 'completion': {
      const { completionScript } = await import('./commands/completion.ts');
      const shell = SHELLS.find((one) => one === commandWords(command, words).positionals[0]);
      if (shell === undefined) {
        throw new UsageError(`'completion' needs the name of a shell: ${SHELLS.join(', ')}`);
      }
      process.stdout.write(completionScript(shell));
      return ExitCode.ok;
    }
    case 'schema':
      print(JSON.stringify((await import('../config/schema.ts')).configSchema, null, 2));
      return ExitCode.ok;
  }
}
